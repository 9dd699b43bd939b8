import { countOf, elementBytes, intConstant, isInteger, numbersOf } from "../onnx/constant.ts";
import type { Evaluate, Evaluation, Values } from "../onnx/evaluation.ts";
import type { Constant, ElementType, Graph, Node, Shapes, ValueShape } from "../onnx/graph.ts";
import { freshNames, makesOf, plainNode, pruned, readsOf, withOutputs } from "../onnx/walk.ts";

/** The batch sizes at which shapes are read; 1 would confuse batch with broadcast. */
const probeBatches: readonly number[] = [2, 3];
/** Integer values up to this many elements are compared between the runs. */
const mostIntegers = 4096;

/** What the probe must know of the one image input. */
export interface ProbedInput {
  readonly name: string;
  readonly type: ElementType;
  /** Without the batch. */
  readonly dims: readonly number[];
  /** The only batch size the graph takes; null when it takes any. */
  readonly fixedBatch: number | null;
}

/**
 * Shapes without a shape-inference library: every tensor's shape is read while the graph runs at two batch sizes. A dim
 * that differs is the batch, or a multiple of it; the rest is static. Integers equal in both runs are constants, which
 * folds exporters' Shape → Gather → Concat chains. A graph with a fixed batch is run once, at that size.
 */
export async function findShapes(
  graph: Graph,
  input: ProbedInput,
  evaluate: Evaluate,
): Promise<Shapes> {
  const fresh = freshNames(graph);
  const names = graph.nodes.flatMap((node) => (isPlain(node) ? makesOf(node) : []));
  const readers = names.map((name) => plainNode("Shape", [name], [fresh(`${name}/shape`)]));
  const probed = withOutputs({ ...graph, nodes: [...graph.nodes, ...readers] }, [
    ...names,
    ...readers.flatMap(({ outputs }) => outputs),
  ]);
  const evaluation = await evaluate(probed, "plain");
  try {
    const batches = input.fixedBatch === null ? probeBatches : [input.fixedBatch];
    const settled = valuesOfShapesOnly(graph);
    const runs: Run[] = [];
    for (const [seed, batch] of batches.entries()) {
      const feeds = new Map([
        [input.name, probeImage(input.type, [batch, ...input.dims], seed + 1)],
      ]);
      const shapeName = (i: number) => readers[i]?.outputs[0] ?? "";
      runs.push(await readRun(evaluation, feeds, names, shapeName, settled));
    }
    const shapes = new Map<string, ValueShape>();
    for (const [name, constant] of graph.constants) shapes.set(name, shapeOfConstant(constant));
    shapes.set(input.name, inputShape(input));
    names.forEach((name) => {
      const type = evaluation.outputTypes.get(name);
      if (type) shapes.set(name, compare(name, type, runs, batches));
    });
    return shapes;
  } finally {
    await evaluation.close();
  }
}

/** Nodes whose value is the same integers at every batch give way to constants: exporters' chains of shapes go. */
export function bakeIntegers(graph: Graph, shapes: Shapes): Graph {
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.filter((node) => {
    const known = makesOf(node).map((name) => [name, shapes.get(name)] as const);
    if (!known.every(([, shape]) => shape?.integers && isIndex(shape.type))) return true;
    for (const [name, shape] of known)
      if (shape?.integers)
        constants.set(name, {
          ...intConstant(shape.integers, shape.dims),
          ...(shape.type === "i32"
            ? { type: "i32" as const, bytes: bytes(Int32Array.from(shape.integers)) }
            : {}),
        });
    return false;
  });
  return pruned({ ...graph, constants, nodes });
}

function isIndex(type: ElementType): boolean {
  return type === "i64" || type === "i32";
}

/** Sequences and optionals have no shape. */
function isPlain({ op }: Node): boolean {
  return !/^Sequence(Construct|Empty|Insert|Erase|Map)$|^SplitToSequence$|^Optional/.test(op);
}

interface Run {
  readonly dims: ReadonlyMap<string, readonly number[]>;
  readonly integers: ReadonlyMap<string, readonly number[]>;
}

/** Values that follow from shapes and constants alone: only these can be constants; a picture's never are. */
function valuesOfShapesOnly(graph: Graph): Set<string> {
  const settled = new Set(graph.constants.keys());
  for (const node of graph.nodes)
    if (
      node.op === "Shape" ||
      node.op === "Size" ||
      (node.inputs.length > 0 && readsOf(node).every((name) => settled.has(name)))
    )
      for (const name of makesOf(node)) settled.add(name);
  return settled;
}

async function readRun(
  evaluation: Evaluation,
  feeds: Values,
  names: readonly string[],
  shapeName: (index: number) => string,
  settled: ReadonlySet<string>,
): Promise<Run> {
  const { outputTypes } = evaluation;
  const tensors = names.flatMap((name, i) => (outputTypes.has(name) ? [[name, i] as const] : []));
  // One run for both: the runtime computes the whole graph whatever is fetched.
  const indices = tensors.flatMap(([name]) => {
    const type = outputTypes.get(name);
    return type && isInteger(type) && settled.has(name) ? [name] : [];
  });
  const read = await evaluation.run(feeds, [...tensors.map(([, i]) => shapeName(i)), ...indices]);
  const dims = new Map(
    tensors.map(([name, i]) => {
      const shape = read.get(shapeName(i));
      return [name, shape ? numbersOf(shape) : []] as const;
    }),
  );
  const integers = indices.flatMap((name) => {
    const value = read.get(name);
    return value && countOf(value.dims) <= mostIntegers ? [[name, numbersOf(value)] as const] : [];
  });
  return { dims, integers: new Map(integers) };
}

/** A picture of noise, the same for the same dims; another seed gives another one. */
export function probeImage(type: ElementType, dims: readonly number[], seed: number): Constant {
  const count = countOf(dims);
  let state = (seed * 2654435761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  if (type === "f32")
    return { type, dims, bytes: bytes(Float32Array.from({ length: count }, () => next() * 2 - 1)) };
  if (elementBytes[type] === 1)
    return { type, dims, bytes: Uint8Array.from({ length: count }, () => next() * 127) };
  if (type === "f64")
    return { type, dims, bytes: bytes(Float64Array.from({ length: count }, () => next() * 2 - 1)) };
  if (type === "i32")
    return { type, dims, bytes: bytes(Int32Array.from({ length: count }, () => next() * 127)) };
  return { type, dims, bytes: new Uint8Array(count * elementBytes[type]) };
}

function bytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function shapeOfConstant(constant: Constant): ValueShape {
  const { type, dims } = constant;
  const batchFactor = dims.map(() => 0);
  return isInteger(type) && countOf(dims) <= mostIntegers
    ? { type, dims, batchFactor, integers: numbersOf(constant) }
    : { type, dims, batchFactor };
}

function inputShape(input: ProbedInput): ValueShape {
  const batch = input.fixedBatch ?? probeBatches[0] ?? 1;
  return {
    type: input.type,
    dims: [batch, ...input.dims],
    batchFactor: [input.fixedBatch === null ? 1 : 0, ...input.dims.map(() => 0)],
  };
}

function compare(
  name: string,
  type: ElementType,
  runs: readonly Run[],
  batches: readonly number[],
): ValueShape {
  const [first, second = first] = runs;
  const dims = first?.dims.get(name) ?? [];
  const others = second?.dims.get(name) ?? dims;
  const step = (batches[1] ?? 0) - (batches[0] ?? 0);
  const batchFactor = dims.map((dim, i) => {
    const other = others[i] ?? dim;
    return other === dim || step === 0 ? 0 : (other - dim) / step;
  });
  const integers = first?.integers.get(name);
  const same = second?.integers.get(name);
  const areEqual =
    integers?.length === same?.length && integers?.every((value, i) => value === same?.[i]);
  return areEqual && integers && integers.length === countOf(dims)
    ? { type, dims, batchFactor, integers }
    : { type, dims, batchFactor };
}
