import { appendBackward } from "../../src-main/engine/gradients/backward.ts";
import { countOf, floatConstant, floatsOf } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph, Node, Shapes } from "../../src-main/engine/onnx/graph.ts";
import { plainNode, pruned, withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { createSession, runGraph } from "../../src-main/engine/session/runtime.ts";
import { createRandom } from "./seeded.ts";

export interface DirectionalCheck {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly image: Constant;
  readonly imageName: string;
  readonly logits: string;
  readonly taps: readonly string[];
  /** Directions per tap; the first is the gradient itself. */
  readonly directions?: number;
}

/** The likeliest first: kinks spoil the large ones, rounding the small ones. */
const steps = [1e-3, 3e-3, 3e-4, 1e-2, 1e-4, 3e-2, 3e-5, 1e-5];
/** Good enough to stop looking for a better step. */
const agreed = 2e-3;

/**
 * Per tap, how far measured slopes of the score differ from the compiled gradient along a few directions, at the step
 * that agrees best. One direction is G itself; the random ones are judged against ‖G‖‖D‖. No direction moves a number
 * that the tap holds twice: zeros of a rectified tap, and maxima that overlapping windows share, sit on ties of the next
 * MaxPool. Sums in float64.
 */
export async function directionalErrors(check: DirectionalCheck): Promise<Map<string, number>> {
  const { imageName, image, logits, taps, directions = 4 } = check;
  const moving = withChanges(check.graph, check.shapes, taps);
  const shapes = new Map(check.shapes);
  for (const tap of taps) {
    const shape = shapes.get(tap);
    if (shape) shapes.set(stillOf(tap), shape);
  }
  const session = await createSession(pruned(withOutputs(moving, [logits])));
  const none = new Map(
    taps.map((tap) => {
      const { dims = [], batchFactor = [] } = shapes.get(tap) ?? {};
      const own = dims.map((dim, i) =>
        batchFactor[i] ? batchFactor[i] * (image.dims[0] ?? 1) : dim,
      );
      return [changeOf(tap), floatConstant(new Float32Array(countOf(own)), own)] as const;
    }),
  );
  const still = new Map([[imageName, image] as const, ...none]);
  const score = (await session.run(still)).get(logits) ?? floatConstant([]);
  const scores = floatsOf(score);
  const best = scores.indexOf(Math.max(...scores));

  const backward = appendBackward({ graph: moving, shapes, taps, logits, seed: "seed" });
  const outputs = [...new Set([logits, ...taps, ...backward.gradients.values()])];
  const seed = floatConstant(
    scores.map((_, i) => (i === best ? 1 : 0)),
    score.dims,
  );
  const values = await runGraph(
    pruned(withOutputs(backward.graph, outputs)),
    new Map([...still, ["seed", seed]]),
  );
  expectClose(scores, floatsOf(values.get(logits) ?? score));

  const errors = new Map<string, number>();
  for (const tap of taps) {
    const start = floatsOf(values.get(tap) ?? score);
    const gradient = floatsOf(values.get(backward.gradients.get(tap) ?? "") ?? score);
    errors.set(tap, await errorAt(tap, start, gradient));
  }
  await session.close();
  return errors;

  async function errorAt(tap: string, start: Float32Array, gradient: Float32Array) {
    if (!gradient.every(Number.isFinite) || norm(gradient) === 0) return NaN;
    const dims = none.get(changeOf(tap))?.dims ?? [];
    const scoreAt = async (direction: Float64Array, distance: number) => {
      const change = floatConstant(
        direction.map((d) => distance * d),
        dims,
      );
      const run = await session.run(new Map([...still, [changeOf(tap), change]]));
      return floatsOf(run.get(logits) ?? score)[best] ?? NaN;
    };
    const isTied = tiesOf(start);
    let worst = 0;
    for (let no = 0; no < directions; no++) {
      const direction = directionOf(no, start, gradient, isTied);
      const expected = direction.reduce((sum, d, i) => sum + d * (gradient[i] ?? 0), 0);
      const scale = no === 0 ? Math.abs(expected) : norm(gradient) * norm(direction);
      let closest = Infinity;
      for (const step of steps) {
        const rise = (await scoreAt(direction, step)) - (await scoreAt(direction, -step));
        closest = Math.min(closest, Math.abs(rise / (2 * step) - expected) / scale);
        if (closest < agreed) break;
      }
      worst = Math.max(worst, closest);
    }
    return worst;
  }
}

function changeOf(tap: string): string {
  return `${tap}/change`;
}

function stillOf(tap: string): string {
  return `${tap}/still`;
}

/** Adds to each tap an input of its dims: what it is moved by. */
function withChanges(graph: Graph, shapes: Shapes, taps: readonly string[]): Graph {
  const nodes = graph.nodes.flatMap((node): Node[] => {
    const own = node.outputs.filter((name) => taps.includes(name));
    if (own.length === 0) return [node];
    const outputs = node.outputs.map((name) => (own.includes(name) ? stillOf(name) : name));
    return [
      { ...node, outputs },
      ...own.map((name) => plainNode("Add", [stillOf(name), changeOf(name)], [name])),
    ];
  });
  const changes = taps.map((tap) => {
    const { dims = [], batchFactor = [] } = shapes.get(tap) ?? {};
    const named = dims.map((dim, i) => (batchFactor[i] ? `${tap}/rows` : dim));
    return { name: changeOf(tap), type: "f32" as const, dims: named };
  });
  return { ...graph, nodes, inputs: [...graph.inputs, ...changes] };
}

/** The gradient, then random directions; each as long as a tenth of the activations, 0 where these are tied. */
function directionOf(
  no: number,
  start: Float32Array,
  gradient: Float32Array,
  isTied: (value: number) => boolean,
): Float64Array {
  const random = createRandom(no);
  const direction = Float64Array.from(start, (value, i) => {
    const own = no === 0 ? (gradient[i] ?? 0) : 2 * random() - 1;
    return isTied(value) ? 0 : own;
  });
  const scale = (0.1 * norm(start)) / (norm(direction) || 1);
  return direction.map((value) => value * scale);
}

function tiesOf(values: Float32Array): (value: number) => boolean {
  const seen = new Set<number>([0]);
  const tied = new Set<number>([0]);
  for (const value of values) (seen.has(value) ? tied : seen).add(value);
  return (value) => tied.has(value);
}

function norm(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function expectClose(plain: Float32Array, compiled: Float32Array) {
  const greatest = Math.max(...plain.map(Math.abs));
  plain.forEach((value, i) => {
    if (!(Math.abs(value - (compiled[i] ?? NaN)) <= 1e-5 * greatest))
      throw new Error(`the compiled graph changes logit ${i}: ${value} became ${compiled[i]}`);
  });
}
