import { methodIds, type MethodId } from "../../../shared/domain/method-id.ts";
import type { MethodSupport } from "../../../shared/domain/model.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { Method } from "./method.ts";
import { methodById } from "./registry.ts";
import type { Refusal, TapFacts } from "./tap-facts.ts";

/** Every method at one tap: whether it can map there, why not, and what one map costs in plain forward passes. */
export function supportAt(facts: TapFacts): readonly MethodSupport[] {
  return methodIds.map((method) => supportOf(method, facts));
}

/** The same for a model without a tap: nothing can. */
export function noSupport(refusal: Refusal): readonly MethodSupport[] {
  return methodIds.map((method) => ({ method, supported: false, forwards: 0, refusal }));
}

/** The same on an engine that sweeps no relevance back. */
export function withoutRelevance(
  methods: readonly MethodSupport[],
  tap: string,
): readonly MethodSupport[] {
  const refusal = { code: "relevance/no-graph", details: { tap } } as const;
  return methods.map((one) =>
    methodById(one.method).uses?.includes("relevance")
      ? { method: one.method, supported: false, forwards: 1, refusal }
      : one,
  );
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
