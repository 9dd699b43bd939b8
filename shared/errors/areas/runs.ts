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
