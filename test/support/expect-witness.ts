import { expect } from "vitest";
import { appendBackward } from "../../src-main/engine/gradients/backward.ts";
import { countOf, floatConstant, floatsOf } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph } from "../../src-main/engine/onnx/graph.ts";
import { parseGraph } from "../../src-main/engine/onnx/text.ts";
import { pruned, withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { runGraph } from "../../src-main/engine/session/runtime.ts";
import { Executor } from "../../src-main/engine/tensorflow/onnx/executor.ts";
import { isOfFloats, type Made } from "../../src-main/engine/tensorflow/onnx/value.ts";
import { tensorflow, type TensorFlow } from "../../src-main/engine/tensorflow/runtime.ts";
import { feedsFor, type GradientCase } from "./expect-gradient.ts";
import { probeShapes } from "./probe-shapes.ts";
import { createRandom } from "./seeded.ts";

/** A graph in text form, as for `expectGradient`; without `to` its values alone are compared. */
export interface WitnessCase extends Omit<GradientCase, "of" | "to"> {
  /** The value compared; `y` unless stated. */
  readonly of?: string;
  readonly to?: string;
}

/**
 * The graph's value on TensorFlow.js must be onnxruntime's, and TensorFlow.js's own gradient of Σ R·`of`, R random, the
 * compiled one: largest difference as a share of the greatest number. No tensor may be left behind.
 */
export async function expectWitness(options: WitnessCase): Promise<void> {
  const { of = "y", to, tolerance = 1e-4 } = options;
  const device = await tensorflow();
  const { tf } = device;
  const graph = parseGraph(options.graph);
  const feeds = feedsFor(graph, options, 2);
  const wanted = withOutputs(graph, [of]);
  const expected = (await runGraph(pruned(wanted), feedsOf(wanted, feeds))).get(of);
  if (!expected) throw new Error(`the graph has no value "${of}"`);

  const before = tf.memory().numTensors;
  const executor = new Executor(device, wanted);
  const made = tf.tidy(() => {
    const [result] = executor.run(asTensors(device, executor.graph, feeds));
    return { dims: result?.shape, values: Float32Array.from(result?.dataSync() ?? []) };
  });
  expect(made.dims).toEqual(expected.dims);
  expectNear(made.values, floatsOf(expected), tolerance, "value");
  if (to) {
    const { seed, slopes } = await compiled(graph, options, feeds, expected, of, to);
    const own = differentiated(device, executor, feeds, to, seed);
    expectNear(own, slopes, tolerance, "gradient");
  }
  executor.close();
  expect(tf.memory().numTensors).toBe(before);
}

function differentiated(
  device: TensorFlow,
  executor: Executor,
  feeds: ReadonlyMap<string, Constant>,
  to: string,
  seed: Constant,
): Float32Array {
  const { tf } = device;
  return tf.tidy(() => {
    const all = asTensors(device, executor.graph, feeds);
    const start = all.get(to);
    if (!start) throw new Error(`"${to}" is no input that is read`);
    const run = tf.valueAndGrads((x) => {
      const [result] = executor.run(new Map([...all, [to, { tensor: x } as Made]]));
      return result ?? x;
    });
    const weights = tf.tensor(floatsOf(seed), [...seed.dims]);
    const [gradient] = run([start.tensor], weights).grads;
    return Float32Array.from(gradient?.dataSync() ?? []);
  });
}

async function compiled(
  graph: Graph,
  options: WitnessCase,
  feeds: ReadonlyMap<string, Constant>,
  { dims }: Constant,
  of: string,
  to: string,
): Promise<{ readonly seed: Constant; readonly slopes: Float32Array }> {
  const shapes = await probeShapes(graph, (batch) => feedsFor(graph, options, batch));
  const random = createRandom(7);
  const weights = Float32Array.from({ length: countOf(dims) }, () => 2 * random() - 1);
  const seed = floatConstant(weights, dims);
  const backward = appendBackward({ graph, shapes, taps: [to], logits: of, seed: "seed" });
  const name = backward.gradients.get(to) ?? "";
  const whole = withOutputs(backward.graph, [name]);
  const result = (await runGraph(whole, new Map([...feeds, ["seed", seed]]))).get(name);
  return { seed, slopes: floatsOf(result ?? seed) };
}

function feedsOf(graph: Graph, feeds: ReadonlyMap<string, Constant>): Map<string, Constant> {
  const read = new Set(pruned(graph).inputs.map(({ name }) => name));
  return new Map([...feeds].filter(([name]) => read.has(name)));
}

function asTensors(
  { tf }: TensorFlow,
  graph: Graph,
  feeds: ReadonlyMap<string, Constant>,
): Map<string, Made> {
  return new Map(
    [...feedsOf(graph, feeds)].map(([name, constant]) => {
      const { type, dims } = constant;
      const dtype = isOfFloats(type) ? "float32" : type === "bool" ? "bool" : "int32";
      return [name, { tensor: tf.tensor(floatsOf(constant), [...dims], dtype), type }];
    }),
  );
}

function expectNear(
  given: Float32Array,
  expected: Float32Array,
  tolerance: number,
  what: string,
): void {
  expect(given.length, what).toBe(expected.length);
  const largest = Math.max(1e-6, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    const error = Object.is(given[i], value) ? 0 : Math.abs((given[i] ?? NaN) - value) / largest;
    expect(error, `${what} ${i}: ${given[i]} instead of ${value}`).toBeLessThan(tolerance);
  });
}
