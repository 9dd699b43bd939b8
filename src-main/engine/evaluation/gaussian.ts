import { eachValue, type EvaluatedImage, type Planes } from "./planes.ts";

/** A Gaussian of `size × size` over an input, its weights summing to 1, edges repeated. */
export function gaussian(
  { tensor, planes }: EvaluatedImage,
  size: number,
  sigma: number,
): Float32Array {
  const radius = (size - 1) / 2;
  const weights = Float64Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const kernel = weights.map((weight) => weight / sum);
  return along(along(tensor.data, planes, kernel, "row"), planes, kernel, "column");
}

function along(
  data: Float32Array,
  planes: Planes,
  kernel: Float64Array,
  axis: "row" | "column",
): Float32Array {
  const { height, width, pixelStep } = planes;
  const radius = (kernel.length - 1) / 2;
  const last = (axis === "row" ? width : height) - 1;
  const step = axis === "row" ? pixelStep : pixelStep * width;
  const out = new Float32Array(data.length);
  eachValue(planes, (at, pixel) => {
    const position = axis === "row" ? pixel % width : Math.floor(pixel / width);
    let sum = 0;
    for (let i = -radius; i <= radius; i++) {
      const source = Math.min(last, Math.max(0, position + i));
      sum += kernel[i + radius] * data[at + (source - position) * step];
    }
    out[at] = sum;
  });
  return out;
}
