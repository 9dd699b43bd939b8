import type { CatalogueEntry } from "../entry.ts";

/** Failures of a model's input preparation, and the warning that it is probably wrong. */
export const preparation = {
  "preparation/does-not-fit": {
    status: 422,
    message: (d: { preset: string; fitting: string }) =>
      `Cannot prepare images with "${d.preset}": the model's input takes ${d.fitting}`,
    safe: "Nothing was changed",
    hint: "Choose one of the presets that fit",
  },
  "preparation/unclear": {
    status: 422,
    message: (d: { table: string }) =>
      `Cannot tell the model's preparation: no preset leads by 10 points (${d.table})`,
    safe: "Nothing was written",
    hint: "Choose one with --preset, and its geometry with --geometry",
  },
  "preparation/doubtful": {
    status: 422,
    message: (d: { n: number; accuracy: number; better: string; betterAccuracy: number }) =>
      `Accuracy on ${d.n} labelled images is ${d.accuracy} %. Preparation is probably wrong: ${d.better} gives ${d.betterAccuracy} %`,
    safe: "The audit can go on with the chosen preparation",
    hint: "Choose the better preset, or check the order of the classes",
  },
  "preparation/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot read preparation "${d.file}": ${d.why}`,
    safe: "Nothing was changed",
    hint: "Write it as hansight inspect --json prints one",
  },
} satisfies Record<string, CatalogueEntry>;
