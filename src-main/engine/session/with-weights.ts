import type { TapSession } from "../../../shared/domain/engine.ts";
import type { WeightChanges } from "../../../shared/domain/weights.ts";
import { withWeights } from "../compile/weights.ts";
import { makesOf } from "../onnx/walk.ts";
import { learnTap } from "./tap-knowledge.ts";
import { openTap, type TapPlan } from "./tap-session.ts";

/**
 * The same tap of the same model with other weights. Nothing is analysed again: the graph is the same but for its numbers.
 * Tail and closed form of the head are found again only where the tail holds a changed number.
 */
export async function openWithWeights(plan: TapPlan, changes: WeightChanges): Promise<TapSession> {
  if (changes.size === 0) return openTap(plan);
  const model = withWeights(plan.model, changes);
  const { constants, nodes } = plan.tail.graph;
  const isTailChanged =
    [...changes.keys()].some((name) => constants.has(name)) ||
    nodes.some((node) => makesOf(node).some((name) => changes.has(name)));
  const known = isTailChanged ? null : plan;
  return openTap({ ...plan, ...(await learnTap(model, plan.tap, plan.runtime, known)), model });
}
