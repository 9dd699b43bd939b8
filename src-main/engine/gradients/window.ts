import type { WindowAxis } from "../onnx/attributes.ts";
import { fixed, product } from "./extents.ts";
import type { Attributes, Emitter } from "./rule.ts";

/** A window axis with the output extent that the forward node really has (`ceil_mode` included). */
export interface Sliding extends WindowAxis {
  readonly out: number;
}

/**
 * Attributes of the ConvTranspose that sends a value over output positions back to input positions.
 *
 * A stride can leave trailing rows of the input unread. They still exist, with gradient 0, and output_padding is how
 * ConvTranspose is told so; where the last window hangs over the end instead, that is an end pad.
 */
export function backAttributes(axes: readonly Sliding[]): Attributes {
  const surplus = axes.map(
    (a) => (a.out - 1) * a.stride + a.dilation * (a.kernel - 1) + 1 - a.size - a.padBegin,
  );
  return {
    strides: axes.map((a) => a.stride),
    dilations: axes.map((a) => a.dilation),
    pads: [...axes.map((a) => a.padBegin), ...surplus.map((t) => Math.max(t, 0))],
    output_padding: surplus.map((t) => Math.max(-t, 0)),
  };
}

/** Attributes of the Conv whose windows are these. */
export function windowAttributes(axes: readonly Sliding[]): Attributes {
  return {
    strides: axes.map((a) => a.stride),
    dilations: axes.map((a) => a.dilation),
    pads: [...axes.map((a) => a.padBegin), ...endPads(axes)],
  };
}

/** How far the last window hangs over the end. */
export function endPads(axes: readonly Sliding[]): number[] {
  return axes.map((a) =>
    Math.max(0, (a.out - 1) * a.stride + a.dilation * (a.kernel - 1) + 1 - a.size - a.padBegin),
  );
}

/** `[N, C, ..]` as `[N·C, 1, ..]`: pooling treats every channel alike. */
export function perChannel({ extents, reshape }: Emitter, value: string): string {
  const [n = fixed(1), c = fixed(1), ...spatial] = extents(value);
  return reshape(value, [product([n, c]), fixed(1), ...spatial]);
}
