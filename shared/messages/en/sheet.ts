import type { Message } from "../catalogue.ts";

/** English: reliability sheets, as window, command line and report say them. */
export const sheet = {
  "sheet.title": "Reliability sheet",
  "sheet.state.passed": "passed",
  "sheet.state.failed": "failed",
  "sheet.state.undefined": "undefined, counts as failed",
  "sheet.state.not-made": "not made",

  "sheet.sentence.passed":
    "Reliability sheet passed: once the weights of the model are random, {method} gives other maps (rank correlation {mean}, 95 % interval up to {high}, {n} images).",
  "sheet.sentence.failed":
    "Reliability sheet failed: {reasons}. These maps need not show what the model uses: no score, rate or picture that rests on them is evidence of it.",
  "sheet.sentence.undefined":
    "Reliability sheet undefined, which counts as failed: fewer than half of {n} maps could be compared. No score, rate or picture that rests on these maps is evidence of what the model uses.",
  "sheet.sentence.not-made":
    "Reliability sheet not made: whether these maps follow the model at all has not been tested.",
  "sheet.reason.spearman":
    "with random weights the maps stay alike (rank correlation {mean}; at most {limit} passes)",
  "sheet.reason.interval": "the 95 % interval of that likeness reaches {high}, over {limit}",
  "sheet.reason.random-logit":
    "another class gets the same map (rank correlation {logit}; at most {limit} passes)",
  "sheet.reason.too-few-defined": "fewer than half of the maps could be compared",

  "sheet.badge.passed": "Sheet passed",
  "sheet.badge.failed": "Sheet failed",
  "sheet.badge.undefined": "Sheet undefined",
  "sheet.badge.not-made": "No sheet",
  "sheet.badge.hint": "Whether the maps follow the model: show the numbers",
  "sheet.open": "Reliability sheet of run {no}",
  "sheet.make": "Make the sheet",
  "sheet.make-again": "Make it again",
  "sheet.making": "Being made: {tried} of {planned} maps",
  "sheet.making.waiting": "It waits for its turn, or the model is being opened",
  "sheet.grid":
    "Reliability sheet of run {no}: {state}. Every score of these maps carries its warning",
  "sheet.grid.see": "See the sheet",

  "sheet.form": "Reliability sheet after the run",
  "sheet.form.off": "A sheet is of one layer of one model",
  "sheet.form.hint":
    "Maps of 16 images with random weights: whether they follow the model. A run that waits goes first",

  "sheet.made": "{method} at {tap}: {state}",
  "sheet.size":
    "{images} images, {layers} layers with weights, made random from the output to the input",
  "sheet.size.independent": "{images} images, {layers} layers with weights, each share alone",
  "sheet.reduced":
    "One map costs {forwards} forward passes: {images} images and {steps} steps instead of 16 and 5",
  "sheet.unreadable": { one: "{n} image could not be read", other: "{n} images could not be read" },
  "sheet.smooth": "Each map is the mean over 50 noisy inputs",
  "sheet.column.layers": "Random layers",
  "sheet.column.spearman": "Rank correlation of |map|",
  "sheet.column.ssim": "SSIM",
  "sheet.column.hog": "Gradient histograms",
  "sheet.column.rise": "Rise of complexity",
  "sheet.column.undefined": "Not comparable",
  "sheet.figure": "{mean} ({low} to {high})",
  "sheet.figure.none": "–",
  "sheet.logit": "Map of another class",
  "sheet.logit.free": "the same by construction: {method} knows no class",
  "sheet.area": "Mean over the steps",
  "sheet.head-only": "Head alone random",
  "sheet.head-only.same": "no map changed, as expected: {method} does not read the classifier",
  "sheet.head-only.changed": "maps changed, though {method} should not read the classifier",
  "sheet.step-zero": "Stored maps made again",
  "sheet.step-zero.exact": "{exact} of {compared}, bit by bit",
  "sheet.step-zero.differ":
    "{exact} of {compared} bit by bit; largest difference {difference} of the maximum",
  "sheet.step-zero.none": "none of these images is in the run",
  "sheet.null": "Heat of an empty picture",
  "sheet.null.value":
    "{input}: {border} on the frame (36 % of the area), {corner} in the corners (9 %)",
  "sheet.null.none": "{input}: no heat",
  "sheet.null.mean-colour": "mean colour",
  "sheet.null.noise": "noise",
  "sheet.null.note": "That is what padding alone does, not the data",
  "sheet.data": "Labels shuffled",
  "sheet.data.words": "not tested: needs a model trained on shuffled labels",
  "sheet.draw":
    "One random draw of weights, seed {seed}: the interval is over images, not over draws",
} satisfies Record<string, Message>;
