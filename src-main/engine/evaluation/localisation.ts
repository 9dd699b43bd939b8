import { evaluationSettings, type EvaluationCause } from "../../../shared/domain/evaluation.ts";
import { boxCurve, type BoxIou } from "./box-curve.ts";
import { energy } from "./energy.ts";
import { defined, type Finished, type Values } from "./evaluation.ts";
import type { GroundTruth } from "./ground-truth.ts";
import { iouCurve, thresholds } from "./iou-curve.ts";
import { pixelAuc } from "./pixel-auc.ts";
import { pointingGame } from "./pointing-game.ts";
import { rankAccuracy } from "./rank-accuracy.ts";
import { countOfShare } from "./ranks.ts";

/** How well a map meets the evidence, and the curves that only the whole dataset concludes from. */
export function localisation(
  { heat, hottest }: Finished,
  truth: GroundTruth,
): { readonly values: Values; readonly iou: readonly number[]; readonly boxes: readonly BoxIou[] } {
  const { mask, area, size, boxes: trueBoxes, near } = truth;
  const found = energy(heat, mask);
  const { auc, averagePrecision } = pixelAuc(heat, mask, hottest);
  const iou = iouCurve(heat, mask);
  const boxes = boxCurve(heat, size, trueBoxes);
  const at20 = boxes[indexOfTau(0.2)].largest;
  const top = Math.max(1, countOfShare(evaluationSettings.topShare, heat.length));
  return {
    iou,
    boxes,
    values: {
      pointing_game_15: pointingGame(heat, near),
      energy: found.energy,
      energy_lift: found.lift,
      rank_accuracy: rankAccuracy(hottest, mask, area),
      top_k_5: rankAccuracy(hottest, mask, top),
      pixel_auc: defined(auc),
      pixel_ap: averagePrecision,
      iou_tau_15: iou[indexOfTau(0.15)],
      iou_tau_20: iou[indexOfTau(0.2)],
      box_iou_20: at20,
      box_accuracy_20: at20 >= evaluationSettings.boxIou ? 1 : 0,
    },
  };
}

/** Heat on known shortcut regions, for whatever class the map explains: whether a method shows them at all. */
export function shortcutHeat({ heat }: Finished, shortcut: Float32Array | null): Values {
  const none = (cause: EvaluationCause): Values => ({
    shortcut_energy: cause,
    shortcut_lift: cause,
  });
  if (!shortcut) return none("no-shortcut");
  if (!shortcut.some((share) => share > 0)) return none("empty-mask");
  const found = energy(heat, shortcut);
  return { shortcut_energy: found.energy, shortcut_lift: found.lift };
}

function indexOfTau(tau: number): number {
  return Math.round(tau * (thresholds.length - 1));
}
