import type { Message } from "../catalogue.ts";

/** English: the measures of how far a map may be believed, and what a method bench says. */
export const evaluation = {
  "evaluation.average_drop": "Average drop",
  "evaluation.average_drop.definition":
    "How much of the probability is lost when the picture is multiplied by the map; 0 for an all-ones map, so never read it alone",
  "evaluation.increase_in_confidence": "Increase in confidence",
  "evaluation.increase_in_confidence.definition":
    "Share of images whose probability rises when the picture is multiplied by the map",
  "evaluation.average_gain": "Average gain",
  "evaluation.average_gain.definition":
    "How much of the missing probability is gained when the picture is multiplied by the map",
  "evaluation.coherency": "Coherency",
  "evaluation.coherency.definition":
    "(1 + correlation) ÷ 2 of the map with the map of the masked picture; 0, and counted, where one does not vary",
  "evaluation.adcc": "ADCC",
  "evaluation.adcc.definition":
    "Harmonic mean of coherency, 1 − complexity and 1 − average drop, per image; 0 when one of them is 0",
  "evaluation.arcc": "ARCC",
  "evaluation.arcc.definition": "Harmonic mean of coherency, 1 − complexity and ROAD doubled",
  "evaluation.deletion_auc": "Deletion",
  "evaluation.deletion_auc.definition":
    "Area under the probability while the hottest places are set to 0 one after another",
  "evaluation.insertion_auc": "Insertion",
  "evaluation.insertion_auc.definition":
    "Area under the probability while the hottest places return to the blurred picture",
  "evaluation.insertion_less_deletion": "Insertion less deletion",
  "evaluation.insertion_less_deletion.definition": "Insertion area minus deletion area",
  "evaluation.road": "ROAD",
  "evaluation.road.definition":
    "Half the probability after the coldest 20 to 80 % are imputed minus that after the hottest are; noisy linear imputation",
  "evaluation.road_morf": "ROAD, hottest first",
  "evaluation.road_morf.definition": "Mean probability after the hottest 20 to 80 % are imputed",
  "evaluation.road_lerf": "ROAD, coldest first",
  "evaluation.road_lerf.definition": "Mean probability after the coldest 20 to 80 % are imputed",
  "evaluation.road_morf_accuracy": "ROAD accuracy, hottest first",
  "evaluation.road_morf_accuracy.definition":
    "Share of images still predicted alike after the hottest 20 to 80 % are imputed",
  "evaluation.sufficiency_15": "Sufficiency 15 %",
  "evaluation.sufficiency_15.definition":
    "Share of the probability that is left when only the hottest 15 % are kept",
  "evaluation.necessity_15": "Necessity 15 %",
  "evaluation.necessity_15.definition":
    "Share of the probability that is lost when the hottest 15 % are imputed",
  "evaluation.infidelity": "Infidelity",
  "evaluation.infidelity.definition":
    "Mean squared error of the scaled map in foretelling the change of probability under random subsets set to 0",
  "evaluation.faithfulness_correlation": "Faithfulness correlation",
  "evaluation.faithfulness_correlation.definition":
    "Correlation of the heat on random subsets with the probability lost without them",
  "evaluation.pointing_game_15": "Pointing game",
  "evaluation.pointing_game_15.definition":
    "Share of the map's maxima within 15 pixels (at 224) of the evidence, averaged over classes",
  "evaluation.energy": "Energy",
  "evaluation.energy.definition": "Share of heat on the evidence, at input resolution",
  "evaluation.energy_lift": "Energy lift",
  "evaluation.energy_lift.definition":
    "Share of heat on the evidence by its share of the area: 1 is no better than an even map",
  "evaluation.rank_accuracy": "Rank accuracy",
  "evaluation.rank_accuracy.definition":
    "Share of the hottest pixels, as many as the evidence has, that lie on it",
  "evaluation.top_k_5": "Top 5 %",
  "evaluation.top_k_5.definition":
    "Share of the hottest 5 % of the pixels that lie on the evidence",
  "evaluation.pixel_auc": "Pixel AUC",
  "evaluation.pixel_auc.definition":
    "Probability that a pixel of the evidence is hotter than another one",
  "evaluation.pixel_ap": "Pixel AP",
  "evaluation.pixel_ap.definition": "Average precision of the heat as a score of the evidence",
  "evaluation.iou_tau_15": "IoU at 0.15",
  "evaluation.iou_tau_15.definition":
    "Overlap of the evidence with what is hotter than 0.15 of the maximum",
  "evaluation.iou_tau_20": "IoU at 0.20",
  "evaluation.iou_tau_20.definition":
    "Overlap of the evidence with what is hotter than 0.20 of the maximum",
  "evaluation.iou_tau_best": "IoU, best threshold",
  "evaluation.iou_tau_best.definition":
    "Overlap at the one threshold that is best for all images; chosen on the same images",
  "evaluation.box_iou_20": "Box IoU",
  "evaluation.box_iou_20.definition":
    "Overlap of the evidence's box with the box of the largest region above 0.20 of the maximum",
  "evaluation.box_accuracy_20": "Box accuracy",
  "evaluation.box_accuracy_20.definition": "Share of images whose box IoU is 0.5 or more",
  "evaluation.max_box_acc": "MaxBoxAcc",
  "evaluation.max_box_acc.definition":
    "Box accuracy at the best threshold, chosen on the other half of the images",
  "evaluation.max_box_acc_v2": "MaxBoxAccV2",
  "evaluation.max_box_acc_v2.definition":
    "MaxBoxAcc of the best region, averaged over box IoU 0.3, 0.5 and 0.7",
  "evaluation.l1_complexity": "Complexity",
  "evaluation.l1_complexity.definition": "Mean of the map scaled to 0..1, on its own grid",
  "evaluation.l1_complexity_input": "Complexity, input size",
  "evaluation.l1_complexity_input.definition": "Mean of the map scaled to 0..1, at input size",
  "evaluation.entropy_share": "Entropy",
  "evaluation.entropy_share.definition": "0: all heat in one cell; 1: even heat; own grid",
  "evaluation.entropy_share_input": "Entropy, input size",
  "evaluation.entropy_share_input.definition": "0: all heat in one pixel; 1: even heat; input size",
  "evaluation.gini": "Gini sparseness",
  "evaluation.gini.definition": "0: even heat; near 1: all heat in one cell; own grid",
  "evaluation.gini_input": "Gini sparseness, input size",
  "evaluation.gini_input.definition": "0: even heat; near 1: all heat in one pixel; input size",
  "evaluation.effective_complexity": "Effective complexity",
  "evaluation.effective_complexity.definition": "Share of cells above 0.1 of the maximum",
  "evaluation.effective_complexity_input": "Effective complexity, input size",
  "evaluation.effective_complexity_input.definition": "Share of pixels above 0.1 of the maximum",
  "evaluation.effective_area": "Effective area",
  "evaluation.effective_area.definition":
    "As if this share of the cells were used evenly: exp(entropy) by their number",
  "evaluation.effective_area_input": "Effective area, input size",
  "evaluation.effective_area_input.definition":
    "As if this share of the pixels were used evenly: exp(entropy) by their number",
  "evaluation.focus_5": "Focus",
  "evaluation.focus_5.definition": "Share of heat in the hottest 5 % of the cells",
  "evaluation.focus_5_input": "Focus, input size",
  "evaluation.focus_5_input.definition": "Share of heat in the hottest 5 % of the pixels",
  "evaluation.max_sensitivity": "Max-sensitivity",
  "evaluation.max_sensitivity.definition":
    "Largest relative change of the map under ten noisy copies of the picture; copies with another prediction are dropped and counted",
  "evaluation.average_sensitivity": "Average sensitivity",
  "evaluation.average_sensitivity.definition":
    "Mean relative change of the map under ten noisy copies of the picture",
  "evaluation.flip_consistency": "Flip consistency",
  "evaluation.flip_consistency.definition":
    "Correlation with the map of the mirrored picture, mirrored back",
  "evaluation.shift_consistency": "Shift consistency",
  "evaluation.shift_consistency.definition":
    "Correlation with the maps of the picture moved by one cell, moved back",
  "evaluation.output_stability": "Output stability",
  "evaluation.output_stability.definition":
    "Largest relative change of the map by the change of the logits, under noisy copies",
  "evaluation.method_agreement": "Agreement of methods",
  "evaluation.method_agreement.definition":
    "Mean rank correlation with the other methods; not a quality: low values mean look yourself",
  "evaluation.shortcut_energy": "Shortcut energy",
  "evaluation.shortcut_energy.definition": "Share of heat on the known shortcut regions",
  "evaluation.shortcut_lift": "Shortcut lift",
  "evaluation.shortcut_lift.definition":
    "Share of heat on the known shortcut regions by their share of the area: above 1 the map shows them",

  "evaluation.cause.no-map": "no usable map",
  "evaluation.cause.no-evidence": "no evidence",
  "evaluation.cause.empty-mask": "evidence outside what the model sees",
  "evaluation.cause.other-class": "evidence is of another class than the one explained",
  "evaluation.cause.no-shortcut": "no shortcut region",
  "evaluation.cause.weak-score": "probability near 0",
  "evaluation.cause.undefined": "no variation to measure",

  "reference.random": "Uniform random",
  "reference.centre": "Centred Gaussian",
  "reference.edges": "Sobel edges",
  "reference.mean-activation": "Mean activation",

  "bench.title": "Method bench",
  "bench.refusal.sheet-failed": "failed its sanity checks",
  "bench.refusal.flagged": "5 % or more of its maps are flagged",
  "bench.refusal.unsupported": "this model does not support it",
  "bench.refusal.no-score": "no image has a score",
  "bench.sentence.alone":
    "Use {method}: its {score} of {mean} ({low} to {high}) is the best, and better than a centred Gaussian and edges",
  "bench.sentence.tied":
    "Use {method}: with {others} it ties for the best {score} ({mean}, {low} to {high}), and it is the cheapest at {forwards} forward passes a map",
  "bench.sentence.none.references":
    "None can be recommended: {method} has the best {score} ({mean}, {low} to {high}), but is not better than {references}",
  "bench.sentence.none.candidates":
    "None can be recommended: no method passed its sanity checks with under 5 % flagged maps",
  "bench.sentence.none.score": "None can be recommended: no image has a score to order methods by",
  "bench.sentence.unchecked": "{sentence}. Sanity checks were not made",
  "bench.and": "{first} and {last}",
  "cli.compare.about":
    "Compare map methods on a folder of images: faithfulness, localisation, cost, and one recommendation",
  "cli.compare.option.methods": "methods, separated by commas; all-cheap or all",
  "cli.compare.option.measures":
    "groups of measures, separated by commas, or all: {groups} (default: {usual})",
  "cli.compare.option.sample": "images drawn, stratified by label; 0: all",
  "cli.compare.option.shortcut": "known shortcut regions: masks, boxes or a CSV of mask paths",
  "cli.compare.option.no-sheets":
    "make no reliability sheets: quicker, and the advice says that nothing was checked",
  "cli.compare.option.csv": "CSV file to write",
  "cli.compare.started":
    "{methods} methods and {references} reference maps at {tap}, {sampled} of {of} images, on {device}",
  "cli.compare.progress": "  {tried} of {planned}",
  "cli.compare.sheet": "  Sanity checks of {method}: {verdict} ({tried} of {planned})",
  "cli.compare.unsupported": "Left out: {method}. {why}",
  "cli.compare.head.method": "Method",
  "cli.compare.head.cost": "Forwards",
  "cli.compare.head.flagged": "Flagged",
  "cli.compare.head.checks": "Checks",
  "cli.compare.refused": "No candidate: {method}, {why}",
  "cli.compare.interval": "95 % intervals: bootstrap by {by}, 2000 resamples, seed {seed}",
  "cli.compare.by.group": "patient or group",
  "cli.compare.by.image": "image",
  "cli.compare.excluded": "{metric}: {n} images left out ({why})",
  "cli.compare.shortcut.seen": "Show the shortcut regions more than an even map would: {methods}",
  "cli.compare.shortcut.unseen": "Do not: {methods}",
  "cli.compare.shortcut.none": "none",
  "cli.compare.written": "CSV      {path}",

  "bench.note.shortcut": "Shortcut regions from {file}: {n} of {total} images",
  "bench.note.evidence-class":
    "Localisation is measured where the explained class is the labelled one",
} satisfies Record<string, Message>;
