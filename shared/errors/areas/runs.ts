import type { CatalogueEntry } from "../entry.ts";

/** Failures of runs. */
export const runs = {
  "run/unknown": {
    status: 404,
    message: (d: { run: string }) => `Cannot find run "${d.run}": this audit has no such run`,
    safe: "Nothing was changed",
    hint: "Choose one of the runs listed under Runs",
  },
  "run/no-such-class": {
    status: 422,
    message: (d: { index: number; last: number }) =>
      `Cannot map class ${d.index}: the model's classes go from 0 to ${d.last}`,
    safe: "Nothing was changed",
    hint: "Choose one of them, or leave the target out for the predicted class",
  },
  "run/no-such-label": {
    status: 422,
    message: (d: { label: string }) =>
      `Cannot map label "${d.label}": the model has no class of that name`,
    safe: "Nothing was changed",
    hint: "Give a class name or its index, and the names with --classes",
  },
  "run/fusion-layers": {
    status: 422,
    message: (d: { most: number; given: number }) =>
      `Cannot fuse layers: 2 to ${d.most} different ones are needed (given: ${d.given})`,
    safe: "Nothing was changed",
    hint: "hansight inspect lists the layers of a model; name them as --taps first,second",
  },
  "run/fusion-learns": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot fuse layers by ${d.method}: what it learns belongs to one layer`,
    safe: "Nothing was changed",
    hint: "Map one layer with it, or choose another method",
  },
  "run/others-unused": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot give further models to ${d.method}: it reads one model`,
    safe: "Nothing was changed",
    hint: "Leave --with out, or choose --method rcs-mlff-binary",
  },
  "run/others-class": {
    status: 422,
    message: (_: object) =>
      "Cannot compare further models: they are of one class, and the target may be any",
    safe: "Nothing was changed",
    hint: "Name the class that they tell from its rivals: --target and its index",
  },
  "run/other-input": {
    status: 422,
    message: (d: { file: string; expected: string; given: string }) =>
      `Cannot compare "${d.file}": it takes pictures of ${d.given}, the model explained of ${d.expected}`,
    safe: "Nothing was changed",
    hint: "Export both for the same pictures",
  },
  "run/other-output": {
    status: 422,
    message: (d: { file: string; outputs: number }) =>
      `Cannot compare "${d.file}": it has ${d.outputs} outputs, and which stands for the class is not said`,
    safe: "Nothing was changed",
    hint: "Name one behind the file, as in --with model.onnx#1; the first is 0",
  },
  "run/other-changed": {
    status: 409,
    message: (d: { file: string }) =>
      `Cannot go on: "${d.file}" is no longer the model that the run was begun with`,
    safe: "Finished maps are kept",
    hint: "Put the model back, or make another run",
  },
  "run/no-map": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot map "${d.file}": ${d.why}`,
    safe: "The other images are mapped",
    hint: "Choose another target, method or layer",
  },
  "run/many-failures": {
    status: 422,
    message: (d: { failed: number; tried: number }) =>
      `Cannot map many of the images: ${d.failed} of the first ${d.tried} failed`,
    safe: "Finished maps are kept; the run waits",
    hint: "Look at the failed items; resume the run, or cancel it",
  },
  "method/unsupported": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot map with ${d.method}: this model does not support it`,
    safe: "Nothing was changed",
    hint: "hansight inspect lists the methods that it supports",
  },
  "engine/stopped": {
    status: 503,
    message: (d: { restarts: number }) =>
      `Cannot finish: the map engine stopped ${d.restarts} times on the same images`,
    safe: "Finished maps are kept",
    hint: "Resume the run; if it stops again, run it with a smaller batch",
  },
  "engine/run-gone": {
    status: 503,
    message: (_: object) => "Cannot go on: the map engine was started again meanwhile",
    safe: "Finished maps are kept",
    hint: "The run opens its model again by itself",
  },
  "engine/version": {
    status: 500,
    message: (d: { host: number; engine: number }) =>
      `Cannot talk to the map engine: it speaks version ${d.engine}, this app ${d.host}`,
    safe: "Nothing was changed",
    hint: "Install the app again",
  },
} satisfies Record<string, CatalogueEntry>;
