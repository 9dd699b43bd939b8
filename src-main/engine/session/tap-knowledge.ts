import type { TapHead } from "../../../shared/domain/engine.ts";
import type { MethodSupport, TapDescription } from "../../../shared/domain/model.ts";
import type { ModelStructure } from "../../../shared/domain/structure.ts";
import { toErrorJson } from "../../../shared/errors/app-error.ts";
import { supportAt, type Refusal } from "../cam/support.ts";
import {
  compileAffine,
  compileGradient,
  compileTail,
  shareOf,
  type AnalysedModel,
  type TailGraph,
} from "../compile.ts";
import { findVertexGraphs } from "../passes/vertex-graph.ts";
import { generalHead, solveAffine } from "./closed-form.ts";
import { firstCurved } from "./curvature.ts";
import type { RuntimeOptions } from "./runtime.ts";

/** What is known of a tap before any picture is read. */
export interface TapKnowledge {
  readonly tap: TapDescription;
  readonly tail: TailGraph;
  readonly head: TapHead;
  readonly structure: ModelStructure;
  readonly methods: readonly MethodSupport[];
}

/** Cuts the tail, solves the head and judges every method. */
export async function learnTap(
  model: AnalysedModel,
  tap: TapDescription,
  runtime: RuntimeOptions,
): Promise<TapKnowledge> {
  const tail = compileTail(model, tap);
  const affine = isRefused(() => compileAffine(model, tap, tail));
  const head = affine ? await solveAffine(affine, tail, tap, model, runtime) : generalHead;
  const structure: ModelStructure = {
    isReadable: true,
    vertexGraphs: findVertexGraphs(model.graph, model.shapes),
  };
  const methods = supportAt({
    tap,
    head,
    structure,
    classes: model.logits.classes,
    tailShare: shareOf(model, tail.graph),
    firstCurved: () => firstCurved(tail.graph, tail.activations),
    gradientRefusal: once(() => refusalOf(() => compileGradient(model, tap))),
  });
  return { tap, tail, head, structure, methods };
}

/** A missing rule is no reason not to open a tap: methods without gradients remain. */
function isRefused<T>(compile: () => T): T | null {
  try {
    return compile();
  } catch {
    return null;
  }
}

function refusalOf(compile: () => unknown): Refusal | null {
  try {
    compile();
    return null;
  } catch (error) {
    return toErrorJson(error);
  }
}

/** Every differentiating method asks the same question. */
function once<T>(ask: () => T): () => T {
  let answer: { readonly value: T } | null = null;
  return () => (answer ??= { value: ask() }).value;
}
