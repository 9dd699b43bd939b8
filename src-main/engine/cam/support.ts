import type { ReadScore } from "../../../shared/domain/engine.ts";
import { methodIds, type MethodId } from "../../../shared/domain/methods.ts";
import type { HeadKind, MethodSupport, TapDescription } from "../../../shared/domain/model.ts";
import type { ModelStructure } from "../../../shared/domain/structure.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { Method } from "./method.ts";
import { methodById } from "./registry.ts";

/** Why a method cannot map a model at a tap, in the words of the catalogue. */
export type Refusal = NonNullable<MethodSupport["refusal"]>;

/** What is known of a model at a tap before any picture is read: by this a method says whether it can, and at what cost. */
export interface TapFacts {
  readonly tap: TapDescription;
  readonly head: { readonly kind: HeadKind; readonly weights: Tensor | null };
  readonly classes: number;
  /** Cost of the tail as a share of the whole model's, 0..1. */
  readonly tailShare: number;
  readonly structure: ModelStructure;
  /** The first operator of the tail that is not linear in pieces; null where there is none. */
  firstCurved(): { readonly op: string } | null;
  /** Why there is no gradient down to the tap; null where there is one. */
  gradientRefusal(): Refusal | null;
  /** The same for a score at values read by name; left off by an engine that shows no structure. */
  readingRefusal?(names: readonly string[], score?: ReadScore): Refusal | null;
}

/** Every method at one tap: whether it can map there, why not, and what one map costs in plain forward passes. */
export function supportAt(facts: TapFacts): readonly MethodSupport[] {
  return methodIds.map((method) => supportOf(method, facts));
}

/** The same for a model without a tap: nothing can. */
export function noSupport(refusal: Refusal): readonly MethodSupport[] {
  return methodIds.map((method) => ({ method, supported: false, forwards: 0, refusal }));
}

/** Whether a method differentiates the score, be it by a pass of its own. */
export function differentiates(method: Method): boolean {
  return differentiatesAtTap(method) || Boolean(method.uses?.includes("slopes"));
}

/** How a method comes by its gradients: at the layer by closed form where the head is linear in it; inside the graph, compiled. */
export function gradientKind(
  method: Method,
  head: { readonly weights: Tensor | null },
): "closed-form" | "compiled" | "none" {
  if (method.uses?.includes("slopes")) return "compiled";
  if (method.needs.length === 0 && !differentiates(method)) return "none";
  if (head.weights) return "closed-form";
  return differentiates(method) ? "compiled" : "none";
}

function differentiatesAtTap(method: Method): boolean {
  return method.needs.includes("gradients") || Boolean(method.uses?.includes("gradient"));
}

function supportOf(id: MethodId, facts: TapFacts): MethodSupport {
  const method = methodById(id);
  const isCompiled = differentiatesAtTap(method) && !facts.head.weights;
  const refusal = method.requires?.(facts) ?? (isCompiled ? facts.gradientRefusal() : null);
  if (refusal) return { method: id, supported: false, forwards: 1, refusal };
  const forwards = method.forwards?.(facts) ?? (isCompiled ? 1 + facts.tailShare : 1);
  return { method: id, supported: true, forwards: Math.round(100 * forwards) / 100 };
}
