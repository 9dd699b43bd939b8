import type { TapHead } from "../../../shared/domain/engine.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import type { TapDescription } from "../../../shared/domain/model.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import type { TailGraph } from "../compile/tail.ts";
import { appendBackward } from "../gradients/backward.ts";
import type { Dim, Graph, Node } from "../onnx/graph.ts";
import { freshNames, plainNode, pruned, withOutputs } from "../onnx/walk.ts";
import { viewAsGrid } from "../passes/grid.ts";
import { renamed } from "../passes/append-tail.ts";
import { createMapWriter } from "./map-writer.ts";
import { writePredictedClass } from "./predicted-class.ts";
import { mapExportOf } from "./registry.ts";

export interface GraphExport {
  readonly model: AnalysedModel;
  readonly tap: TapDescription;
  readonly head: TapHead;
  readonly tail: TailGraph;
  readonly method: MethodId;
  /** Of the model's file, for refusals. */
  readonly file: string;
  /** Of Hansight. */
  readonly version: string;
}

/**
 * One graph of standard operators from pictures to `logits` `[N,C]` and `map` `[N,H,W]`: raw, float32, of the class that
 * the model predicts. Refuses methods and operators that do not fit into one.
 */
export function exportGraph(request: GraphExport): Graph {
  const { model, tap, head, tail, method, version } = request;
  const writeMap = mapExportOf(method) ?? fail("export/method", { method, why: "no-formula" });
  const writer = createMapWriter(model.graph);
  const { name: logits, classes } = model.logits;
  const seed = writePredictedClass(writer, logits, classes);
  const activations = writer.append((graph) => viewAsGrid(graph, tap.name, tap));
  const gradients = () =>
    writer.append((graph) => {
      const { shapes } = model;
      const backward = appendBackward({ graph, shapes, taps: [tap.name], logits, seed });
      return viewAsGrid(backward.graph, backward.gradients.get(tap.name) ?? "", tap);
    });
  const map = writeMap(writer, { model, tap, head, tail, logits, seed, activations, gradients });

  const [, h, w] = tap.grid;
  const batch = model.graph.inputs[0]?.dims?.[0] ?? "N";
  const graph = nameOutputs(writer.graph(), [
    { name: "logits", value: logits, dims: [batch, classes] },
    { name: "map", value: map, dims: [batch, h, w] },
  ]);
  requireStandard(graph.nodes, request.file);
  const metadata = {
    ...graph.metadata,
    "hansight.method": method,
    "hansight.tap": tap.name,
    "hansight.version": version,
  };
  return { ...graph, domains: {}, metadata };
}

interface Output {
  readonly name: string;
  readonly value: string;
  readonly dims: readonly Dim[];
}

/** The graph that returns these values under these names; others that bear one of the names give way. */
function nameOutputs(graph: Graph, outputs: readonly Output[]): Graph {
  const fresh = freshNames(graph);
  const names = new Map(outputs.map(({ name }) => [name, fresh(`${name}/inner`)]));
  const nameOf = (name: string) => names.get(name) ?? name;
  const nodes = graph.nodes.map((node) => renamed(node, names));
  const results = outputs.map(({ name, value }) => plainNode("Identity", [nameOf(value)], [name]));
  const whole = pruned({
    ...withOutputs(
      graph,
      outputs.map(({ name }) => name),
    ),
    inputs: graph.inputs.map((input) => ({ ...input, name: nameOf(input.name) })),
    constants: new Map([...graph.constants].map(([name, value]) => [nameOf(name), value])),
    nodes: [...nodes, ...results],
  });
  const infos = outputs.map(({ name, dims }) => ({ name, type: "f32" as const, dims }));
  return { ...whole, outputs: infos };
}

/** Any ONNX server must run the file: operators of one runtime alone have no place in it. */
function requireStandard(nodes: readonly Node[], file: string): void {
  for (const { domain, op, name, attributes } of nodes) {
    if (domain) fail("export/not-standard", { file, op: `${domain}:${op}`, node: name });
    for (const attribute of Object.values(attributes))
      if (attribute.kind === "graph") requireStandard(attribute.value.nodes, file);
  }
}
