import type { CatalogueEntry } from "../entry.ts";

/** Failures of gradients and layers. */
export const gradients = {
  "gradient/no-rule": {
    status: 422,
    message: (d: { node: string; op: string; why?: string }) =>
      `Cannot differentiate node "${d.node}": operator ${d.op} has no gradient rule${d.why ? ` (${d.why})` : ""}`,
    safe: "Finished maps are kept",
    hint: "Choose a layer after this node, or a method without gradients such as Recipro-CAM",
  },
  "gradient/control-flow": {
    status: 422,
    message: (d: { node: string; op: string }) =>
      `Cannot differentiate node "${d.node}": ${d.op} repeats or branches on data`,
    safe: "Finished maps are kept",
    hint: "Choose a later layer, or Score-CAM, Ablation-CAM or Recipro-CAM",
  },
  "gradient/no-path": {
    status: 422,
    message: (d: { tap: string }) =>
      `Cannot differentiate from "${d.tap}": every way to the score passes a step of zero slope`,
    safe: "Finished maps are kept",
    hint: "Choose a later layer, or a method without gradients such as Recipro-CAM",
  },
  "gradient/self-check": {
    status: 422,
    message: (d: { tap: string; error: string }) =>
      `Cannot trust gradients at "${d.tap}": they differ from measured slopes by ${d.error}`,
    safe: "Finished maps are kept",
    hint: "Choose another layer, or a method without gradients such as Recipro-CAM",
  },
  "method/no-cam": {
    status: 422,
    message: (d: { tap: string }) =>
      `Cannot compute CAM at "${d.tap}": no pooling followed by one linear layer reads it`,
    safe: "Finished maps are kept",
    hint: "HiResCAM is its generalisation",
  },
  "method/rounded-tail": {
    status: 422,
    message: (d: { tap: string }) =>
      `Cannot compute ShapleyCAM at "${d.tap}": the layers after it round to integers, which have no curvature to measure`,
    safe: "Finished maps are kept",
    hint: "Grad-CAM is its first-order form",
  },
  "method/too-fine": {
    status: 422,
    message: (d: { method: string; grid: string; most: number }) =>
      `Cannot compute ${d.method} on ${d.grid} cells: it compares every cell with every other, ${d.most} at most`,
    safe: "Finished maps are kept",
    hint: "Choose a later layer, or EigenCAM, its linear form",
  },
  "method/too-many-cells": {
    status: 422,
    message: (d: { method: string; grid: string; most: number }) =>
      `Cannot compute ${d.method} on ${d.grid} cells: it compares every pair of cells, ${d.most} cells at most`,
    safe: "Finished maps are kept",
    hint: "Choose a later layer",
  },
  "method/one-output": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method}: the model has one output, and nothing competes with it`,
    safe: "Finished maps are kept",
    hint: "CAM or Grad-CAM shows what speaks for it",
  },
  "method/needs-models": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method} here: it compares further models, and too few were given`,
    safe: "Nothing was changed",
    hint: "Give one classifier of the class against each rival: --with dog-or-cat.onnx --with dog-or-fox.onnx#1",
  },
  "method/needs-labels": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method} here: it first learns from the labelled images of an audit`,
    safe: "Nothing was changed",
    hint: "Make an audit of a labelled folder, and run the method there",
  },
  "method/too-few-classes": {
    status: 422,
    message: (d: { method: string; classes: number; least: number }) =>
      `Cannot compute ${d.method}: ${d.classes} of the classes have ${d.least} labelled images that it can learn from, and it takes two`,
    safe: "Finished maps are kept",
    hint: "Label more images, or choose CAM or Grad-CAM",
  },
  "tap/no-path": {
    status: 422,
    message: (d: { tap: string; next: string }) =>
      `Cannot use layer "${d.tap}": it does not influence the score`,
    safe: "Finished maps are kept",
    hint: "Choose one of the layers that hansight inspect lists",
  },
  "tap/unknown": {
    status: 404,
    message: (d: { tap: string; known: string }) =>
      `Cannot use layer "${d.tap}": the model has no such tensor (${d.known})`,
    safe: "Nothing was changed",
    hint: "Choose one of the layers that hansight inspect lists",
  },
  "tap/none": {
    status: 422,
    message: (d: { model: string }) =>
      `Cannot map "${d.model}": no layer before the score has a height and a width`,
    safe: "Nothing was changed",
    hint: "Predictions can be audited; maps need a convolutional or token network",
  },
} satisfies Record<string, CatalogueEntry>;
