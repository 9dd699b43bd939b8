import type { TapHead } from "../../../shared/domain/engine.ts";
import type { MethodSupport, TapDescription } from "../../../shared/domain/model.ts";
import type { ModelStructure } from "../../../shared/domain/structure.ts";
import { toErrorJson } from "../../../shared/errors/app-error.ts";
import { supportAt } from "../cam/support.ts";
import type { Refusal } from "../cam/tap-facts.ts";
import { compileAffine } from "../compile/affine.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import { compileGradient } from "../compile/gradient.ts";
import { compileReading } from "../compile/reading.ts";
import { structureOf } from "../compile/structure.ts";
import { compileTail, shareOf, type TailGraph } from "../compile/tail.ts";
import { generalHead, solveAffine } from "./closed-form.ts";
import type { RuntimeOptions } from "./runtime.ts";

/** What is known of a tap before any picture is read. */
export interface TapKnowledge {
  readonly tap: TapDescription;
  readonly tail: TailGraph;
  readonly head: TapHead;
  readonly structure: ModelStructure;
  readonly methods: readonly MethodSupport[];
}

/** Cuts the tail, solves the head and judges every method. `known`: a tail and a head that hold for this model too. */
export async function learnTap(
  model: AnalysedModel,
  tap: TapDescription,
  runtime: RuntimeOptions,
  known: Pick<TapKnowledge, "tail" | "head"> | null = null,
): Promise<TapKnowledge> {
  const tail = known?.tail ?? compileTail(model, tap);
  const head = known?.head ?? (await solveHead(model, tap, tail, runtime));
  const structure = structureOf(model, tap, tail);
  const methods = supportAt({
    tap,
    head,
    structure,
    classes: model.logits.classes,
    tailShare: shareOf(model, tail.graph),
    rounds: tail.graph.nodes.some(({ op }) => op === "QuantizeLinear"),
    gradientRefusal: once(() => refusalOf(() => compileGradient(model, tap))),
    readingRefusal: (names, score = "model") =>
      refusalOf(() => compileReading(model, names, score)),
  });
  return { tap, tail, head, structure, methods };
}

async function solveHead(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
  runtime: RuntimeOptions,
): Promise<TapHead> {
  const affine = isRefused(() => compileAffine(model, tap, tail));
  return affine ? solveAffine(affine, tail, tap, model, runtime) : generalHead;
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
