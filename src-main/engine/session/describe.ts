import { toErrorJson } from "../../../shared/errors/app-error.ts";
import type { TapHead } from "../../../shared/domain/engine.ts";
import {
  methodIds,
  methods,
  mostKernelCells,
  type MethodId,
} from "../../../shared/domain/methods.ts";
import type {
  MethodSupport,
  ModelDescription,
  TapDescription,
} from "../../../shared/domain/model.ts";
import { compileGradient, shareOf, type AnalysedModel, type TailGraph } from "../compile.ts";
import type { ModelFile } from "../onnx/file.ts";
import { classNamesIn } from "./class-names.ts";

/** What is known of the default tap. */
interface FirstTap {
  readonly tap: TapDescription;
  readonly tail: TailGraph;
  readonly head: TapHead;
}

/** Everything that can be said of a model without a picture. */
export function describeModel(
  file: ModelFile,
  model: AnalysedModel,
  first: FirstTap | null,
): ModelDescription {
  const { image, logits } = model;
  return {
    fileName: file.fileName,
    sha256: file.sha256,
    opset: file.model.graph.opset,
    producer: file.model.producer,
    input: {
      name: image.name,
      dims: image.dims,
      elementType: image.type,
      layout: image.layout,
      channels: image.channels,
      heightPx: image.heightPx,
      widthPx: image.widthPx,
      fixedBatch: image.fixedBatch,
    },
    output: { name: logits.output, classes: logits.classes, stripped: logits.stripped },
    head: first?.head.kind ?? "general",
    taps: model.taps,
    methods: methodIds.map((method) => supportOf(method, file, model, first)),
    classNames: classNamesIn(file.model.graph, logits.classes),
  };
}

function supportOf(
  method: MethodId,
  file: ModelFile,
  model: AnalysedModel,
  first: FirstTap | null,
): MethodSupport {
  if (!first) {
    const details = { model: file.fileName };
    return { method, supported: false, forwards: 0, refusal: { code: "tap/none", details } };
  }
  const { tap, tail, head } = first;
  const [k, h, w] = tap.grid;
  const tailShare = shareOf(model, tail.graph);
  const isLinear = head.weights !== null;
  if (method === "cam" && head.kind !== "pooled-linear") {
    const details = { tap: tap.name };
    return { method, supported: false, forwards: 1, refusal: { code: "method/no-cam", details } };
  }
  if (method === "kpca-cam" && h * w > mostKernelCells) {
    const details = { method: "KPCA-CAM", grid: `${h} × ${w}`, most: mostKernelCells };
    return { method, supported: false, forwards: 1, refusal: { code: "method/too-fine", details } };
  }
  const { cost } = methods[method];
  if (cost === "forwards") return { method, supported: true, forwards: 1 + k };
  if (cost === "tail") {
    const tails = method === "recipro-cam" ? h * w + 1 : k;
    return { method, supported: true, forwards: isLinear ? 1 : round(1 + tails * tailShare) };
  }
  if (cost === "forward" || isLinear) return { method, supported: true, forwards: 1 };
  try {
    compileGradient(model, tap);
    // A backward pass repeats every product of the tail once: weights have no gradient here.
    return { method, supported: true, forwards: round(1 + tailShare) };
  } catch (error) {
    return { method, supported: false, forwards: 1, refusal: toErrorJson(error) };
  }
}

function round(forwards: number): number {
  return Math.round(forwards * 100) / 100;
}
