import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { TapDescription } from "../../../shared/domain/model.ts";
import type { TailOutline } from "../outline.ts";
import { fromGrid, prefixOf } from "./grid.ts";
import type { ProbedModel } from "./probe.ts";
import type { DeviceTensor } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";
import { toDevice, toHost } from "./scope.ts";

/** A model cut behind a tap. */
export interface Cut {
  readonly model: ProbedModel;
  readonly tap: TapDescription;
  readonly tail: TailOutline;
  readonly runtime: TensorFlow;
}

/**
 * What a tail reads besides the activations, by name and on the host: rows of images one behind the other. On the host,
 * because whoever keeps it may forget it.
 */
export type Crossing = ReadonlyMap<string, Tensor>;

/** Names of what `forwardAt` returns, in its order. */
export function forwardNames({ model, tap, tail }: Cut): readonly string[] {
  return [tap.name, model.outline.logits.name, ...tail.crossing];
}

/** Keeps what crosses the cut, from the values that `forwardNames` names. */
export function crossingOf(cut: Cut, values: readonly DeviceTensor[]): Crossing {
  const { tap, tail, runtime } = cut;
  const [own, , ...others] = values;
  const prefix = own && prefixOf(runtime.tf, own, tap);
  return new Map([
    ...(prefix ? [[prefixName, toHost(prefix)] as const] : []),
    ...tail.crossing.flatMap((name, i) => {
      const value = others[i];
      return value ? [[name, toHost(value)] as const] : [];
    }),
  ]);
}

const prefixName = "prefix tokens";

/** Scores `[M,C]` for changed activations `[M,K,H,W]`; row m belongs to image `rows[m]` of `images` many. */
export function runTail(
  cut: Cut,
  activations: DeviceTensor,
  crossing: Crossing,
  rows: readonly number[],
  images: number,
): DeviceTensor {
  const { tap, runtime } = cut;
  const { tf } = runtime;
  const picked = new Map(
    [...crossing].map(([name, value]) => [name, toDevice(tf, pickRows(value, rows, images))]),
  );
  const own = fromGrid(tf, activations, tap, picked.get(prefixName) ?? null);
  picked.delete(prefixName);
  return scoresFrom(cut, own, picked);
}

/** Scores from the tapped value as the model lays it out. */
export function scoresFrom(
  { model, tap, runtime: { tf } }: Cut,
  value: DeviceTensor,
  crossing: ReadonlyMap<string, DeviceTensor>,
): DeviceTensor {
  const { program, outline } = model;
  const [scores] = program.run(new Map([...crossing, [tap.name, value]]), [outline.logits.name]);
  if (!scores) throw new RangeError("the tail made no scores");
  return tf.reshape(scores, [-1, outline.logits.classes]);
}

/** The blocks of these images; a value may hold several entries per image. */
function pickRows(value: Tensor, rows: readonly number[], images: number): Tensor {
  const [first = 0, ...rest] = value.dims;
  const factor = first / images;
  const size = factor * sizeOf(rest);
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, i) => data.set(value.data.subarray(row * size, (row + 1) * size), i * size));
  return { dims: [rows.length * factor, ...rest], data };
}
