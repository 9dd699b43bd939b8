import { attributesFrom } from "../onnx/attributes.ts";
import { floatsOf, intConstant } from "../onnx/constant.ts";
import type { Evaluate } from "../onnx/evaluation.ts";
import type { Constant, Graph, Node, Shapes } from "../onnx/graph.ts";
import { descendantsOf, freshNames, plainNode } from "../onnx/walk.ts";
import { findBatchAxes } from "./batch-axis.ts";
import { findShapes, probeImage, type ProbedInput } from "./shapes.ts";

/** What freeing gives: the graph at any batch, and its shapes. */
export interface Freed {
  readonly graph: Graph;
  readonly shapes: Shapes;
}

/** Results of one picture may differ by rounding between batch sizes; mixed pictures differ by far more. */
const tolerance = 1e-4;
const pictures = 3;

/**
 * A graph written for one batch size, rewritten for any: the input's dim is freed, and every Reshape gets its probed
 * sizes with −1 where the batch is. A wrong Reshape can mix pictures without an error, so it is judged by running: three
 * different pictures together must equal each alone. Undefined when that fails; the caller then loops.
 */
export async function freeBatch(
  graph: Graph,
  shapes: Shapes,
  input: ProbedInput,
  evaluate: Evaluate,
): Promise<Freed | undefined> {
  if (input.fixedBatch !== 1) return undefined;
  const freed = rewrite(graph, shapes, input.name);
  try {
    if (!(await isTheSame(graph, freed, input, evaluate))) return undefined;
    return {
      graph: freed,
      shapes: await findShapes(freed, { ...input, fixedBatch: null }, evaluate),
    };
  } catch {
    return undefined; // it does not even run at another batch
  }
}

/** The rewrite alone, not judged. */
export function rewrite(graph: Graph, shapes: Shapes, image: string): Graph {
  const axes = findBatchAxes(graph, shapes, image);
  const seen = descendantsOf(graph, [image]);
  const fresh = freshNames(graph);
  const constants = new Map<string, Constant>(graph.constants);
  const dimsOf = (name: string | undefined) => shapes.get(name ?? "")?.dims ?? [];
  const nodes = graph.nodes.flatMap((node): Node[] => {
    const [data = "", second = ""] = node.inputs;
    const [output = ""] = node.outputs;
    const axis = axes.get(output);
    if (axis === undefined || node.domain !== "") return [node];
    if (node.op === "Reshape" && axes.has(data) && constants.has(second)) {
      const sizes = dimsOf(output).map((dim, i) => (i === axis ? -1 : dim));
      return [{ ...node, inputs: [data, add(`${output}/sizes`, sizes)], attributes: {} }];
    }
    if (node.op === "Concat") return widenParts(node, axis);
    if (node.op === "Resize" && node.inputs[3] && axis === 0) {
      const sizes = dimsOf(output).slice(1);
      const spatial = sizes.map((_, i) => i + 1);
      return [
        {
          ...node,
          inputs: [data, "", "", add(`${output}/sizes`, sizes)],
          attributes: { ...node.attributes, ...attributesFrom({ axes: spatial }) },
        },
      ];
    }
    return [node];
  });
  const inputs = graph.inputs.map((info) =>
    info.name === image ? { ...info, dims: ["N", ...(info.dims ?? []).slice(1)] } : info,
  );
  return { ...graph, inputs, constants, nodes };

  function add(wish: string, values: readonly number[]): string {
    const name = fresh(wish);
    constants.set(name, intConstant(values));
    return name;
  }

  /** Parts that do not depend on the picture (a class token) are repeated for every picture. */
  function widenParts(node: Node, axis: number): Node[] {
    const along = node.attributes.axis?.kind === "int" ? node.attributes.axis.value : 0;
    const rank = dimsOf(node.outputs[0]).length;
    const carrier = node.inputs.find((name) => axes.get(name) === axis);
    if (!carrier || (along < 0 ? along + rank : along) === axis) return [node];
    const made: Node[] = [];
    const inputs = node.inputs.map((name) => {
      if (seen.has(name) || dimsOf(name)[axis] !== 1) return name;
      const [batch, sizes, wide] = [
        fresh(`${name}/batch`),
        fresh(`${name}/sizes`),
        fresh(`${name}/wide`),
      ];
      const before = add(`${name}/before`, new Array<number>(axis).fill(1));
      const after = add(`${name}/after`, new Array<number>(rank - axis - 1).fill(1));
      made.push(
        plainNode("Shape", [carrier], [batch], attributesFrom({ start: axis, end: axis + 1 })),
        plainNode("Concat", [before, batch, after], [sizes], attributesFrom({ axis: 0 })),
        plainNode("Expand", [name, sizes], [wide]),
      );
      return wide;
    });
    return [...made, { ...node, inputs }];
  }
}

async function isTheSame(
  graph: Graph,
  freed: Graph,
  input: ProbedInput,
  evaluate: Evaluate,
): Promise<boolean> {
  const images = Array.from({ length: pictures }, (_, i) =>
    probeImage(input.type, [1, ...input.dims], i + 11),
  );
  const bytes = new Uint8Array(images.reduce((sum, image) => sum + image.bytes.length, 0));
  images.forEach((image, i) => bytes.set(image.bytes, i * image.bytes.length));
  const together: Constant = { type: input.type, dims: [pictures, ...input.dims], bytes };
  const [one, all] = [await evaluate(graph, "plain"), await evaluate(freed, "plain")];
  try {
    const joint = await all.run(new Map([[input.name, together]]));
    for (const [i, image] of images.entries()) {
      const alone = await one.run(new Map([[input.name, image]]));
      for (const [name, value] of alone) {
        const expected = floatsOf(value);
        const given = joint.get(name);
        if (!given || given.bytes.length !== pictures * value.bytes.length) return false;
        const own = floatsOf(given).subarray(i * expected.length, (i + 1) * expected.length);
        const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        if (expected.some((v, at) => !(Math.abs(v - (own[at] ?? NaN)) <= tolerance * largest)))
          return false;
      }
    }
    return true;
  } finally {
    await Promise.all([one.close(), all.close()]);
  }
}
