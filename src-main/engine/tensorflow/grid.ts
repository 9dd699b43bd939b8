import type { TapDescription } from "../../../shared/domain/model.ts";
import type { DeviceTensor } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";

/** A tapped value as a grid, channels first: `[N,K,H,W]`, prefix tokens left off. */
export function toGrid(
  tf: TensorFlow["tf"],
  value: DeviceTensor,
  { layout, grid: [k, h, w], prefixTokens }: TapDescription,
): DeviceTensor {
  if (layout === "channels-first") return value;
  const [rows = 0] = value.shape;
  const map =
    layout === "tokens"
      ? tf.reshape(tf.slice(value, [0, prefixTokens, 0], [rows, h * w, k]), [rows, h, w, k])
      : value;
  return tf.transpose(map, [0, 3, 1, 2]);
}

/** The way back; tokens get their prefix `[N,P,K]` in front. */
export function fromGrid(
  tf: TensorFlow["tf"],
  grid: DeviceTensor,
  { layout, grid: [k, h, w] }: TapDescription,
  prefix: DeviceTensor | null,
): DeviceTensor {
  if (layout === "channels-first") return grid;
  const map = tf.transpose(grid, [0, 2, 3, 1]);
  if (layout !== "tokens") return map;
  const tokens = tf.reshape(map, [grid.shape[0] ?? 0, h * w, k]);
  return prefix ? tf.concat([prefix, tokens], 1) : tokens;
}

/** The tokens in front of the grid, `[N,P,K]`; null where there are none. */
export function prefixOf(
  tf: TensorFlow["tf"],
  value: DeviceTensor,
  { grid: [k], prefixTokens }: TapDescription,
): DeviceTensor | null {
  if (prefixTokens === 0) return null;
  return tf.slice(value, [0, 0, 0], [value.shape[0] ?? 0, prefixTokens, k]);
}
