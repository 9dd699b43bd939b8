import type { backend_util } from "@tensorflow/tfjs-core";
import type { DeviceTensor } from "../program.ts";
import type { TensorFlow } from "../runtime.ts";

/** Geometry of a convolution over `[N,H,W,C]`, from the attributes that TensorFlow.js passes to its backward kernels. */
export interface Windows {
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly top: number;
  readonly left: number;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: never;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: never;
}

/** Reads the geometry for an input and a filter of these shapes. */
export function windowsOf(
  tf: TensorFlow["tf"],
  input: readonly number[],
  filter: readonly number[],
  attributes: Readonly<Record<string, unknown>>,
  isDepthwise: boolean,
): Windows {
  const { strides, pad, dilations = 1, dimRoundingMode } = attributes as unknown as Attributes; // set by TensorFlow.js
  const info = tf.backend_util.computeConv2DInfo(
    input as [number, number, number, number], // a 4-D tensor's shape
    filter as [number, number, number, number], // a 4-D tensor's shape
    strides,
    dilations,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
  return fromInfo(info);
}

/** The same for a pooling. */
export function poolWindowsOf(
  tf: TensorFlow["tf"],
  input: readonly number[],
  attributes: Readonly<Record<string, unknown>>,
): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as PoolAttributes; // set by TensorFlow.js
  const shape = input as [number, number, number, number]; // a 4-D tensor's shape
  return fromInfo(
    tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode),
  );
}

interface PoolAttributes extends Attributes {
  readonly filterSize: number | [number, number];
}

function fromInfo(info: backend_util.Conv2DInfo): Windows {
  return {
    height: info.inHeight,
    width: info.inWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/** For each place of the kernel, row by row: the values of `x` it meets, `[N,outHeight,outWidth,C]`; `outside` stands beyond the border. */
export function metBy(
  tf: TensorFlow["tf"],
  x: DeviceTensor,
  windows: Windows,
  outside = 0,
): DeviceTensor[] {
  const { height, width, outHeight, outWidth, kernel, strides, dilations, top, left } = windows;
  const reach = (out: number, axis: 0 | 1) =>
    (out - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1;
  const bottom = Math.max(0, reach(outHeight, 0) - height - top);
  const right = Math.max(0, reach(outWidth, 1) - width - left);
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const padded = tf.pad(x, around, outside);
  const [rows = 0, , , channels = 0] = x.shape;
  return Array.from({ length: kernel[0] * kernel[1] }, (_, place) => {
    const row = Math.floor(place / kernel[1]) * dilations[0];
    const column = (place % kernel[1]) * dilations[1];
    return tf.stridedSlice(
      padded,
      [0, row, column, 0],
      [
        rows,
        row + (outHeight - 1) * strides[0] + 1,
        column + (outWidth - 1) * strides[1] + 1,
        channels,
      ],
      [1, strides[0], strides[1], 1],
    );
  });
}
