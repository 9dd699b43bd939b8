import type { WeightRole } from "../../../shared/domain/weights.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { ancestorsOf, descendantsOf, producersOf } from "../onnx/walk.ts";
import { costOf } from "../passes/cost.ts";
import { activationRules } from "../relevance/activation.ts";
import { gated } from "../relevance/arithmetic.ts";
import { layoutRules } from "../relevance/layout.ts";
import { normalisationRules } from "../relevance/normalisation.ts";
import { publishedOperators } from "../relevance/registry.ts";
import { factsOf } from "../relevance/signs.ts";

/**
 * How relevance passes a step: as it is, to one of its inputs alone, split among positive parts, in proportion through weights or
 * a mean, to the greatest, or to wherever each number came from.
 */
export type RelevanceKind =
  "unchanged" | "alone" | "split" | "product" | "average" | "maximum" | "moved";

/** One operation that another engine runs: its node in the graph has the same name. */
export interface SweptStep {
  readonly name: string;
  /** Values; weights left off. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly learnt: readonly { readonly role: WeightRole }[];
}

/** One step of a way back. */
export interface RelevanceStep {
  readonly step: SweptStep;
  readonly kind: RelevanceKind;
  /** What the step makes, by names that the program can be asked for: behind the activation that is fused into it. */
  readonly outputs: readonly string[];
  /** Numbers of the inputs that it goes to. */
  readonly into: readonly number[];
  /** Whether a summand enters with its sign turned. */
  readonly isSubtracted: boolean;
  readonly isPicture: boolean;
  readonly isNonNegative: (input: string) => boolean;
}

/** A way back, from the later value to the earlier. */
export interface RelevancePlan {
  readonly steps: readonly RelevanceStep[];
  /** As in `RelevancePath`. */
  readonly extended: readonly string[];
  readonly batchNorms: number;
  /** In plain forward passes, the one that gives the values included. */
  readonly forwards: number;
}

/**
 * Finds the way back by the rules of `engine/relevance`, for an engine that runs its own steps: which rule each takes is known
 * before anything is run. Refuses with the catalogue's `relevance/…`.
 */
export function planRelevance(options: {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly image: string;
  readonly from: string;
  readonly to: string;
  readonly steps: readonly SweptStep[];
  /** Whether `…/linear` values between a step and its activation exist in the graph alone. */
  readonly isFused: boolean;
}): RelevancePlan {
  const { graph, shapes, image, from, to, isFused } = options;
  const facts = factsOf(graph, image);
  const producers = producersOf(graph);
  const isVarying = (name: string) => facts.varying.has(name);
  const onTheWay = ancestorsOf(graph, [from], new Set([to]));
  const reached = new Set([...descendantsOf(graph, [to])].filter((name) => onTheWay.has(name)));
  const known = new Map(options.steps.map((step) => [step.name, step]));
  const flowing = new Set(reached.has(from) ? [from] : []);
  const extended = new Set<string>();
  const steps: RelevanceStep[] = [];
  let [batchNorms, cost] = [0, 0];
  for (const node of graph.nodes.toReversed()) {
    const step = known.get(node.name);
    if (!step || node.outputs.includes(to)) continue;
    if (!node.outputs.some((name) => flowing.has(name))) continue;
    if (!step.inputs.some((name) => reached.has(name))) continue;
    const { kind, receivers } = ruleOf(node, step);
    const into = step.inputs.flatMap((name, i) =>
      receivers.includes(name) && reached.has(name) ? [i] : [],
    );
    for (const i of into) flowing.add(step.inputs[i] ?? "");
    const isPreparation = node.outputs.every((name) => facts.picture.has(name));
    const isConstantStep = kind === "alone" && step.inputs.filter(isVarying).length < 2;
    if (!isPreparation && !isConstantStep && !publishedOperators.has(node.op))
      extended.add(node.op);
    if (!isPreparation && node.op === "BatchNormalization") batchNorms++;
    const [first = ""] = step.inputs;
    const isPicture = facts.picture.has(first);
    const halves = kind !== "product" || (facts.nonNegative.has(first) && !isPicture) ? 1 : 2;
    if (kind !== "unchanged" && kind !== "alone")
      cost += (2 * halves * costOf({ ...graph, nodes: [node] }, shapes)) / costOf(graph, shapes);
    steps.push({
      step,
      kind,
      outputs: node.outputs.map(asked),
      into,
      isSubtracted: node.op === "Sub",
      isPicture,
      isNonNegative: (name) => facts.nonNegative.has(name),
    });
  }
  if (from !== to && !flowing.has(to)) fail("relevance/no-path", { from, to });
  return { steps, extended: [...extended].toSorted(), batchNorms, forwards: 1 + cost };

  /** Values between a fused step and its activation are no program's: what the activation makes is. */
  function asked(name: string): string {
    if (!isFused || !name.endsWith("/linear")) return name;
    const activation = graph.nodes.find(({ inputs }) => inputs[0] === name);
    return activation?.outputs[0] ?? name;
  }

  function ruleOf(
    node: Node,
    step: SweptStep,
  ): { readonly kind: RelevanceKind; readonly receivers: readonly string[] } {
    const { op } = node;
    const refuse = (why?: string): never =>
      fail("relevance/no-rule", { node: step.name, op, ...(why !== undefined && { why }) });
    const varying = step.inputs.filter(isVarying);
    const [first = ""] = step.inputs;
    if (unchanged.has(op)) return { kind: "unchanged", receivers: [first] };
    if (op === "Add" || op === "Sum" || op === "Sub")
      return { kind: varying.length === 1 ? "alone" : "split", receivers: varying };
    if (op === "Mul") {
      const shape = (name: string) => ({ dims: shapes.get(name)?.dims ?? [] });
      const maker = (name: string) => producers.get(name);
      const main =
        varying.length === 1 ? varying[0] : gated({ inputs: step.inputs, shape, maker, isVarying });
      return {
        kind: "alone",
        receivers: [main ?? refuse("neither of the values it multiplies is a gate")],
      };
    }
    if (op === "Div") {
      if (varying.length > 1 || varying[0] !== first)
        refuse("it divides by a value that depends on the picture");
      return { kind: "alone", receivers: [first] };
    }
    if (op === "Conv" || op === "MatMul") {
      const kernels = step.learnt.filter(({ role }) => role === "kernel");
      if (varying.length > 1) refuse("it multiplies values that both depend on the picture");
      if (kernels.length !== 1) refuse("its weights are not one kernel");
      if (step.learnt.some(({ role }) => role === "statistic"))
        refuse("a normalisation is fused into it");
      const activation = node.outputs
        .filter((name) => asked(name) !== name)
        .map((name) => producers.get(asked(name))?.op ?? "");
      if (!activation.every((one) => keepsSmall.has(one)))
        refuse(`${activation.join()} is fused into it`);
      return { kind: "product", receivers: varying };
    }
    if (op === "MaxPool" || op === "GlobalMaxPool") return { kind: "maximum", receivers: [first] };
    if (op === "AveragePool" || op === "GlobalAveragePool")
      return { kind: "average", receivers: [first] };
    if (moving.has(op)) return { kind: "moved", receivers: varying };
    return refuse();
  }
}

const unchanged = new Set([
  ...Object.keys(activationRules),
  ...Object.keys(normalisationRules),
  ...["Identity", "Dropout", "Cast"],
]);
const moving = new Set(Object.keys(layoutRules));
/** Activations that leave small numbers above 0 as they are: sums of positive parts, scaled down, pass them unchanged. */
const keepsSmall = new Set(["Relu", "Clip", "Elu", "LeakyRelu", "Identity"]);
