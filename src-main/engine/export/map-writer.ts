import type { TapHead } from "../../../shared/domain/engine.ts";
import type { TapDescription } from "../../../shared/domain/model.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import type { TailGraph } from "../compile/tail.ts";
import { attributesFrom } from "../onnx/attributes.ts";
import type { Constant, Graph, Node } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";
import type { WithView } from "../passes/grid.ts";

/** What a map is written with: nodes appended behind the model, one at a time. */
export interface MapWriter {
  /** Appends a node of the standard domain; operands are names of values, or constants. Returns its output. */
  write(
    op: string,
    operands: readonly (string | Constant)[],
    attributes?: Parameters<typeof attributesFrom>[0],
  ): string;
  /** Lets a pass append more than one node; returns the value that it names. */
  append(pass: (graph: Graph) => WithView): string;
  /** The graph as it has grown so far. */
  graph(): Graph;
}

/** A writer that starts behind the last node of `start`. */
export function createMapWriter(start: Graph): MapWriter {
  let base = start;
  let fresh = freshNames(base);
  let nodes: Node[] = [];
  let constants = new Map<string, Constant>();
  const graph = (): Graph => ({
    ...base,
    nodes: [...base.nodes, ...nodes],
    constants: new Map([...base.constants, ...constants]),
  });
  return {
    graph,
    write(op, operands, attributes = {}) {
      const output = fresh(`map/${op}`);
      const inputs = operands.map((operand) => {
        if (typeof operand === "string") return operand;
        const name = fresh(`map/${op}/constant`);
        constants.set(name, operand);
        return name;
      });
      nodes.push(plainNode(op, inputs, [output], attributesFrom(attributes)));
      return output;
    },
    append(pass) {
      const made = pass(graph());
      base = made.graph;
      fresh = freshNames(base);
      [nodes, constants] = [[], new Map<string, Constant>()];
      return made.view;
    },
  };
}

/** What the graph holds for a map before its own nodes. */
export interface MapParts {
  readonly model: AnalysedModel;
  readonly tap: TapDescription;
  readonly head: TapHead;
  readonly tail: TailGraph;
  /** `[N,C]` */
  readonly logits: string;
  /** Weights of the logits in the score of the predicted class, `[N,C]`. */
  readonly seed: string;
  /** `[N,K,H,W]` */
  readonly activations: string;
  /** Appends the backward pass; returns `∂score/∂A`, `[N,K,H,W]`. */
  gradients(): string;
}

/** One method as nodes: returns the raw map, `[N,H,W]`. */
export type MapExport = (writer: MapWriter, parts: MapParts) => string;
