import { fail } from "../../../shared/errors/app-error.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { intConstant } from "../onnx/constant.ts";
import { elementCodes } from "../onnx/element-codes.ts";
import { plainNode } from "../onnx/walk.ts";
import { viewPrefix } from "../passes/grid.ts";
import { appendTail } from "../passes/append-tail.ts";
import { createMapWriter, type MapParts, type MapWriter } from "./map-writer.ts";
import { repeated } from "./repeated.ts";

/** Floats of changed activations that one turn of the loop holds per image: 64 MB. */
const chunkFloats = 2 ** 24;
const double = { to: elementCodes.f64 ?? 11 };

/**
 * Scores of many changed copies of each image's activations, `[N,count]` in double precision: an ONNX Loop over chunks of at most
 * 64 MB an image, so that memory does not grow with `count`. `change` writes one chunk: from the copies' numbers, an int64 value
 * `[c]`, to activations `[N,c,K,H,W]`.
 */
export function loopedScores(
  writer: MapWriter,
  parts: MapParts & { readonly method: MethodId },
  count: number,
  change: (body: MapWriter, copies: string, chunk: number) => string,
): string {
  const { model, tap, tail, seed, method } = parts;
  if (model.fixedBatch !== null) fail("export/method", { method, why: "one-batch" });
  const [k, h, w] = tap.grid;
  const { classes } = model.logits;
  const chunk = Math.max(1, Math.min(count, Math.floor(chunkFloats / (k * h * w))));
  const turns = Math.ceil(count / chunk);
  const prefix = tail.prefix ? writer.append((graph) => viewPrefix(graph, tap.name, tap)) : null;

  const outside = writer.graph();
  const body = createMapWriter(outside);
  const [turn, going] = ["loop/turn", "loop/going"];
  const first = body.write("Mul", [turn, intConstant([chunk], [])]);
  const wished = body.write("Add", [
    first,
    intConstant(Array.from({ length: chunk }, (_, i) => i)),
  ]);
  const copies = body.write("Min", [wished, intConstant([count - 1], [])]);
  const changed = change(body, copies, chunk);
  const feeds = new Map([
    [tail.activations, body.write("Reshape", [changed, intConstant([-1, k, h, w])])],
  ]);
  for (const name of tail.crossing) {
    const { dims = [], batchFactor = [] } = model.shapes.get(name) ?? {};
    feeds.set(name, repeated(body, name, chunk, dims, batchFactor));
  }
  if (tail.prefix && prefix)
    feeds.set(tail.prefix, repeated(body, prefix, chunk, [1, tap.prefixTokens, k], [1, 0, 0]));
  const logits = body.append((graph) => appendTail(graph, tail, feeds));
  const rows = body.write(
    "Cast",
    [body.write("Reshape", [logits, intConstant([-1, chunk, classes])])],
    double,
  );
  const chosen = body.write("Reshape", [
    body.write("Cast", [seed], double),
    intConstant([-1, classes, 1]),
  ]);
  const scores = body.write("Squeeze", [body.write("MatMul", [rows, chosen]), intConstant([2])]); // [N,c]
  const isGoing = body.write("Identity", [going]);

  const whole = body.graph();
  const inside = {
    ...whole,
    name: "loop",
    inputs: [
      { name: turn, type: "i64" as const, dims: [] },
      { name: going, type: "bool" as const, dims: [] },
    ],
    outputs: [
      { name: isGoing, type: "bool" as const, dims: [] },
      { name: scores, type: "f64" as const, dims: null },
    ],
    constants: new Map([...whole.constants].filter(([name]) => !outside.constants.has(name))),
    nodes: whole.nodes.slice(outside.nodes.length),
  };
  const all = writer.append((graph) => {
    const view = "loop/scores";
    const turnsName = "loop/turns";
    const node = plainNode("Loop", [turnsName, ""], [view], {
      body: { kind: "graph", value: inside },
    });
    const constants = new Map([...graph.constants, [turnsName, intConstant([turns], [])] as const]);
    return { graph: { ...graph, constants, nodes: [...graph.nodes, node] }, view };
  }); // [turns,N,c]
  const inOrder = writer.write("Transpose", [all], { perm: [1, 0, 2] });
  const flat = writer.write("Reshape", [inOrder, intConstant([0, turns * chunk])]);
  return writer.write("Slice", [flat, intConstant([0]), intConstant([count]), intConstant([1])]);
}
