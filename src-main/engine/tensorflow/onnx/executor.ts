import type { Tensor } from "@tensorflow/tfjs-core";
import { AppError, fail } from "../../../../shared/errors/app-error.ts";
import { countOf } from "../../onnx/constant.ts";
import type { Graph, Node } from "../../onnx/graph.ts";
import { pruned, readsOf } from "../../onnx/walk.ts";
import type { TensorFlow } from "../runtime.ts";
import { mostHostNumbers } from "./host.ts";
import type { KernelContext, Result } from "./kernel.ts";
import { hostOperatorOf, kernelOf } from "./registry.ts";
import { Value, type Counted, type Made } from "./value.ts";

/** What runs a graph: TensorFlow.js, and its name for refusals. */
export type Device = Pick<TensorFlow, "tf" | "device">;

type Find = (name: string) => Value | undefined;

/**
 * Runs a graph operation by operation. Constants, and what follows from constants alone, are brought to the device once;
 * every other value is disposed of after its last reader. Runs inside `tf.valueAndGrads` as well: what a gradient needs
 * is kept by TensorFlow.js itself.
 *
 * Writing the graph as a TensorFlow.js GraphModel instead was passed over: groups, pads, Resize and the gradients that
 * TensorFlow.js lacks would have had to be written as its operators all the same.
 */
export class Executor {
  readonly graph: Graph;
  readonly #device: Device;
  readonly #constants = new Map<string, Value>();
  readonly #steps: readonly Step[];

  /** Refuses with `tensorflow/no-kernel`, before anything runs. */
  constructor(device: Device, graph: Graph) {
    this.#device = device;
    this.graph = pruned(graph);
    const { tf } = device;
    for (const node of this.graph.nodes)
      if (!kernelOf(node) && !hostOperatorOf(node)) refuse(device, node, opOf(node));
    for (const [name, constant] of this.graph.constants)
      this.#constants.set(name, Value.ofConstant(tf, constant));
    const steps = plan(this.graph);
    this.#steps = steps.filter((step) => !this.#settle(step));
  }

  /**
   * The graph's outputs for these inputs, each in the order of its dims. They belong to the caller's tidy; the inputs stay
   * the caller's. `added` is added to values by name: to differentiate by an inner value, differentiate by what is added.
   */
  run(feeds: ReadonlyMap<string, Made>, added: ReadonlyMap<string, Tensor> = new Map()): Tensor[] {
    const { tf } = this.#device;
    const fed = new Map([...feeds].map(([name, made]) => [name, Value.ofTensor(tf, made)]));
    const values = new Map<string, Value>(fed);
    const find: Find = (name) => values.get(name) ?? this.#constants.get(name);
    const release = (name: string) => {
      const own = fed.get(name);
      if (own) own.disposeForms();
      else values.get(name)?.dispose();
      values.delete(name);
    };
    try {
      return tf.tidy(() => {
        for (const step of this.#steps) {
          for (const [name, value] of compute(this.#device, step, find)) {
            const change = added.get(name);
            values.set(name, change ? moved(tf, value, change) : value);
          }
          step.done.forEach(release);
        }
        return this.graph.outputs.map(({ name }) => {
          const value = find(name);
          if (!value) throw new RangeError(`nothing makes "${name}"`);
          return tf.clone(value.plain);
        });
      });
    } finally {
      [...values.keys()].forEach(release);
    }
  }

  /** Gives back what was kept on the device. */
  close(): void {
    for (const value of this.#constants.values()) value.dispose();
    this.#constants.clear();
  }

  /** Computes a node that reads constants alone, once and for all. */
  #settle(step: Step): boolean {
    const find: Find = (name) => this.#constants.get(name);
    if (!readsOf(step.node).every(find)) return false;
    const { tf } = this.#device;
    tf.tidy(() => {
      for (const [name, value] of compute(this.#device, step, find)) {
        if (!value.isOnHost) tf.keep(value.stored.tensor);
        this.#constants.set(name, value);
      }
    });
    return true;
  }
}

/** The value with something added, in its stead. */
function moved(tf: TensorFlow["tf"], value: Value, change: Tensor): Value {
  const sum = Value.ofTensor(tf, { tensor: tf.add(value.plain, change), type: value.type });
  value.dispose();
  return sum;
}

interface Step {
  readonly node: Node;
  /** Values that nobody reads afterwards. */
  readonly done: readonly string[];
  readonly read: readonly boolean[];
}

function plan(graph: Graph): Step[] {
  const returned = new Set(graph.outputs.map(({ name }) => name));
  const last = new Map<string, number>();
  graph.nodes.forEach((node, at) => {
    for (const name of readsOf(node)) last.set(name, at);
  });
  return graph.nodes.map((node, at) => {
    const own = node.outputs.filter((name) => name && !last.has(name));
    const ended = readsOf(node).filter((name) => last.get(name) === at);
    return {
      node,
      done: [...new Set([...ended, ...own])].filter((name) => !returned.has(name)),
      read: node.outputs.map((name) => last.has(name) || returned.has(name)),
    };
  });
}

function compute(device: Device, step: Step, find: Find): [string, Value][] {
  const { tf } = device;
  const { node } = step;
  const inputs = node.inputs.map((name) => (name ? find(name) : undefined));
  const onHost = hostResults(node, inputs);
  const results = onHost ?? tidied(device, () => onDevice(device, step, inputs));
  return node.outputs.flatMap((name, i): [string, Value][] => {
    const result = results[i];
    if (!name || !result) return [];
    const made = "numbers" in result ? Value.ofNumbers(tf, result) : Value.ofTensor(tf, result);
    return [[name, made]];
  });
}

/** Tidies away what a kernel leaves; its results are found among the properties of what it returns. */
function tidied({ tf }: Device, make: () => (Made | Counted)[]): (Made | Counted)[] {
  return tf.tidy(make as () => never); // typed for tensors alone, but any object is looked through
}

function hostResults(
  node: Node,
  inputs: readonly (Value | undefined)[],
): readonly Counted[] | null {
  const evaluate = hostOperatorOf(node);
  const isSmall = (value: Value | undefined) =>
    !value || (value.isOnHost && countOf(value.dims) <= mostHostNumbers);
  if (!evaluate || !inputs.every(isSmall)) return null;
  const isLarge =
    node.op === "ConstantOfShape" &&
    Array.from(inputs[0]?.numbers ?? []).reduce((a, b) => a * b, 1) > mostHostNumbers;
  return isLarge ? null : [evaluate(node, inputs)].flat();
}

function onDevice(
  device: Device,
  { node, read }: Step,
  inputs: readonly (Value | undefined)[],
): (Made | Counted)[] {
  const { tf } = device;
  const value = (index: number): Value => {
    const input = inputs[index];
    if (!input) throw new RangeError(`input ${index} is absent`);
    return input;
  };
  const context: KernelContext = {
    tf,
    node,
    inputs,
    value,
    tensor: (index) => value(index).plain,
    isRead: (output) => read[output] === true,
    refuse: (what) => refuse(device, node, what),
  };
  const kernel = kernelOf(node) ?? refuse(device, node, opOf(node));
  try {
    const results: Result | readonly Result[] = kernel(context);
    const all = Array.isArray(results) ? (results as readonly Result[]) : [results as Result];
    return all.map((result): Made | Counted => {
      if ("numbers" in result) return result;
      const made = "tensor" in result ? result : { tensor: result };
      const isOwn = inputs.some((input) => input?.holds(made.tensor));
      return isOwn ? { ...made, tensor: tf.clone(made.tensor) } : made;
    });
  } catch (cause) {
    throw asRefusal(device, node, cause);
  }
}

function opOf({ domain, op }: Node): string {
  return domain ? `${domain}:${op}` : op;
}

function refuse({ device }: Device, { name }: Node, op: string): never {
  return fail("tensorflow/no-kernel", { op, node: name, device });
}

/** What TensorFlow.js says of a kernel that the backend lacks, as a refusal; anything else names its node. */
function asRefusal({ device }: Device, node: Node, cause: unknown): Error {
  if (cause instanceof AppError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const kernel = /Kernel '(\w+)' not registered/.exec(why)?.[1];
  if (!kernel) return new Error(`node "${node.name}" (${opOf(node)}): ${why}`, { cause });
  const op = `${opOf(node)} (${kernel})`;
  return new AppError("tensorflow/no-kernel", { op, node: node.name, device }, { cause });
}
