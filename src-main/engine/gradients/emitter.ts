import { attributesFrom } from "../onnx/attributes.ts";
import { countOf, filledConstant, intConstant, isInteger, numbersOf } from "../onnx/constant.ts";
import { elementCodes } from "../onnx/element-codes.ts";
import type { Constant, ElementType, Graph, Node, Shapes, ValueShape } from "../onnx/graph.ts";
import { fixed, isSame, range } from "./extents.ts";
import { infer } from "./infer.ts";
import { knownOf, type Known } from "./known.ts";
import type { Emitter } from "./rule.ts";

/** The backward graph as it grows: nodes and constants to append, each with a known shape. */
export interface BackwardGraph extends Emitter {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** Says whose gradient is being written: names of nodes and values start with it; floats get this type. */
  begin(owner: string, type: ElementType): void;
}

/**
 * `seed` is the incoming gradient of the logits: it has their shape, and the batch is read from it. Names start with `prefix`.
 */
export function createBackwardGraph(
  graph: Graph,
  shapes: Shapes,
  seed: { readonly name: string; readonly shape: ValueShape },
  prefix = "grad",
): BackwardGraph {
  const nodes: Node[] = [];
  const constants = new Map<string, Constant>();
  const names = new Map<string, string>(); // of shared constants, by content
  const known = new Map<string, Known>([[seed.name, knownOf(seed.shape)]]);
  const taken = namesOf(graph);
  let [owner, type, counter] = ["", "f32" as ElementType, 0];
  let batch: string | null = null;

  const fresh = (kind: string) => {
    let name = "";
    do name = `${prefix}/${owner}/${kind}_${counter++}`;
    while (taken.has(name));
    return name;
  };

  const knownValue = (name: string): Known => {
    const found = known.get(name);
    if (found) return found;
    const constant = constants.get(name) ?? graph.constants.get(name);
    const shape = shapes.get(name);
    if (!shape && !constant) throw new RangeError(`nothing is known of value "${name}"`);
    const value = constant ? knownConstant(constant) : shape && knownOf(shape);
    if (!value) throw new RangeError(`nothing is known of value "${name}"`);
    known.set(name, value);
    return value;
  };

  const share = (constant: Constant, kind: string) => {
    const key = `${constant.type}[${constant.dims.join()}]${Buffer.from(constant.bytes).toString("latin1")}`;
    const existing = names.get(key);
    if (existing) return existing;
    const name = fresh(kind);
    names.set(key, name);
    constants.set(name, constant);
    return name;
  };

  const self: BackwardGraph = {
    nodes,
    constants,
    begin: (nextOwner, nextType) => void ([owner, type] = [nextOwner, nextType]),

    emitAll(op, inputs, outputs, attributes = {}) {
      const reads = inputs.map((name) => (name ? knownValue(name) : absent));
      const results = infer({ op, inputs: reads, attributes, outputs });
      const name = fresh(op);
      const written = range(outputs).map((i) => (i ? `${name}.${i}` : name));
      written.forEach((output, i) => known.set(output, results[i] ?? absent));
      nodes.push({
        name,
        domain: "",
        op,
        inputs,
        outputs: written,
        attributes: attributesFrom(attributes),
      });
      return written;
    },
    emit: (op, inputs, attributes) => self.emitAll(op, inputs, 1, attributes)[0] ?? "",

    floats: (values, dims = [values.length], as = type) =>
      share(floatConstant(as, values, dims), "floats"),
    ints: (values, dims) => share(intConstant(values, dims), "ints"),
    scalar: (value) => share(filledConstant(type, value), "scalar"),
    filled: (value, dims) => share(filledConstant(type, value, dims), "filled"),

    shape(name) {
      const { type, extents, values } = knownValue(name);
      const dims = extents.map(({ size }) => size);
      const batchFactor = extents.map(({ batch }) => batch);
      return values && isInteger(type)
        ? { type, dims, batchFactor, integers: values }
        : { type, dims, batchFactor };
    },
    extents: (name) => knownValue(name).extents,
    constant: (name) => constants.get(name) ?? graph.constants.get(name),

    shapeTensor(extents) {
      if (extents.every((extent) => !extent.batch))
        return self.ints(extents.map(({ size }) => size));
      const parts: string[] = [];
      let run: number[] = [];
      const flush = () => {
        if (run.length) parts.push(self.ints(run));
        run = [];
      };
      for (const extent of extents) {
        if (!extent.batch) run.push(extent.size);
        else {
          flush();
          parts.push(batchTimes(extent.batch));
        }
      }
      flush();
      return parts.length === 1 ? (parts[0] ?? "") : self.emit("Concat", parts, { axis: 0 });
    },

    reshape(value, extents) {
      if (isSame(self.extents(value), extents)) return value;
      const batched = extents.filter((extent) => extent.batch);
      const target =
        batched.length > 1
          ? self.shapeTensor(extents)
          : self.ints(extents.map(({ size, batch }) => (batch ? -1 : size)));
      return self.emit("Reshape", [value, target]);
    },

    expand(value, extents) {
      const own = self.extents(value);
      if (isSame(own, extents)) return value;
      const lead = extents.length - own.length;
      // Expand broadcasts both ways: dims that are there already are stated as 1, and the batch is not read.
      const target = extents.map((extent, i) =>
        own[i - lead]?.size === extent.size ? fixed(1) : extent,
      );
      return self.emit("Expand", [value, self.shapeTensor(target)]);
    },

    zeros: (extents) =>
      self.expand(
        self.filled(
          0,
          extents.map(() => 1),
        ),
        extents,
      ),

    transpose: (value, perm) =>
      perm.every((axis, i) => axis === i) ? value : self.emit("Transpose", [value], { perm }),

    cast: (value, to) =>
      knownValue(value).type === to
        ? value
        : self.emit("Cast", [value], { to: elementCodes[to] ?? 1 }),

    sum: (value, axes, keep) => reduce("ReduceSum", value, axes, keep),
    mean: (value, axes, keep) => reduce("ReduceMean", value, axes, keep),

    pad(value, begins, ends) {
      if ([...begins, ...ends].every((count) => count === 0)) return value;
      return self.emit("Pad", [value, self.ints([...begins, ...ends])]);
    },

    unbroadcast(gradient, target) {
      const [from, to] = [self.extents(gradient), self.extents(target)];
      const lead = from.length - to.length;
      const axes = range(from.length).filter(
        (axis) => axis < lead || (to[axis - lead]?.size === 1 && from[axis]?.size !== 1),
      );
      const summed = axes.length ? self.sum(gradient, axes, "keep") : gradient;
      return self.reshape(summed, to);
    },
  };

  const reduce = (op: string, value: string, axes: readonly number[], keep: "keep" | "drop") =>
    self.emit(op, [value, self.ints(axes)], { keepdims: keep === "keep" ? 1 : 0 });

  const batchTimes = (factor: number) => {
    const axis = seed.shape.batchFactor.findIndex(Boolean);
    const own = seed.shape.batchFactor[axis];
    if (!own) throw new RangeError("the logits have no batch dim to read the batch from");
    batch ??= self.emit("Shape", [seed.name], { start: axis, end: axis + 1 });
    if (factor === own) return batch;
    const scaled = self.emit("Mul", [batch, self.ints([factor])]);
    const times = own === 1 ? scaled : self.emit("Div", [scaled, self.ints([own])]);
    const stated = [{ size: (seed.shape.dims[axis] ?? 1) * (factor / own), batch: factor }];
    known.set(times, { ...knownValue(times), stated });
    return times;
  };

  return self;
}

const absent: Known = { type: "f32", extents: [] };

function knownConstant(constant: Constant): Known {
  const { type, dims } = constant;
  const extents = dims.map(fixed);
  if (type === "string" || countOf(dims) > 4096) return { type, extents };
  return { type, extents, values: numbersOf(constant) };
}

function floatConstant(
  type: ElementType,
  values: readonly number[],
  dims: readonly number[],
): Constant {
  const parts = values.map((value) => filledConstant(type, value).bytes);
  return { type, dims, bytes: new Uint8Array(Buffer.concat(parts)) };
}

function namesOf(graph: Graph): Set<string> {
  const names = new Set([...graph.constants.keys(), ...graph.inputs.map(({ name }) => name)]);
  for (const node of graph.nodes) for (const output of node.outputs) names.add(output);
  return names;
}
