import { toErrorJson } from "../../../shared/errors/app-error.ts";
import type { TapHead } from "../../../shared/domain/engine.ts";
import {
  methodIds,
  methods,
  methodSettings,
  usesGradient,
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
import { firstCurved } from "./curvature.ts";

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
  const refusal = refusalOf(method, model, first);
  if (refusal) return { method, supported: false, forwards: 1, refusal };
  const tailShare = shareOf(model, first.tail.graph);
  const forwards = Math.round(100 * forwardsOf(method, first, tailShare)) / 100;
  return { method, supported: true, forwards };
}

/** Why a method cannot map this model at its default tap; null where it can. */
function refusalOf(
  method: MethodId,
  model: AnalysedModel,
  { tap, tail, head }: FirstTap,
): MethodSupport["refusal"] | null {
  const [, h, w] = tap.grid;
  if (method === "cam" && head.kind !== "pooled-linear")
    return { code: "method/no-cam", details: { tap: tap.name } };
  const { mostKernelCells: most } = methodSettings;
  if (method === "kpca-cam" && h * w > most)
    return { code: "method/too-fine", details: { method: "KPCA-CAM", grid: `${h} × ${w}`, most } };
  if (!usesGradient(method) || head.weights) return null;
  const curved = method === "shapley-cam" ? firstCurved(tail.graph, tail.activations) : null;
  if (curved) return { code: "method/curved-tail", details: { tap: tap.name, op: curved.op } };
  try {
    compileGradient(model, tap);
    return null;
  } catch (error) {
    return toErrorJson(error);
  }
}

/** Cost of one map in plain forward passes; where the head is linear in the tap, gradients and most tails are sums. */
function forwardsOf(method: MethodId, { tap, head }: FirstTap, tailShare: number): number {
  const [k, h, w] = tap.grid;
  const { noisyInputs, intensities, noisyMasks, noisyChannels, clusters } = methodSettings;
  if (method === "is-cam") return 1 + intensities * k;
  if (method === "ss-cam") return 1 + noisyMasks * Math.min(noisyChannels, k);
  if (method === "cluster-cam") return 1 + Math.min(clusters, k);
  const { cost } = methods[method];
  if (cost === "forward" || (head.weights && method !== "score-cam")) return 1;
  // A backward pass repeats every product of the tail once: weights have no gradient here.
  const gradientPass = 1 + tailShare;
  if (method === "smooth-grad-cam++") return 1 + noisyInputs * gradientPass;
  if (method === "finer-cam") return 1 + gradientPass;
  if (method === "shapley-cam") return 1 + gradientPass + 2 * tailShare;
  if (method === "recipro-cam") return 1 + (h * w + 1) * tailShare;
  if (method === "fd-cam") return gradientPass + 2 * k * tailShare;
  if (cost === "tail") return 1 + k * tailShare;
  return cost === "forwards" ? 1 + k : gradientPass;
}
