import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../../test/support/seeded.ts";
import type { DeviceTensor } from "../program.ts";
import { tensorflow, type TensorFlow } from "../runtime.ts";

let tf: TensorFlow["tf"];
beforeAll(async () => {
  ({ tf } = await tensorflow());
});

/** Seeded values in −1 … 0.2: most windows hold negative values alone. */
function values(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => 1.2 * random() - 1);
}

interface Case {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: "same" | "valid";
}

const cases: readonly Case[] = [
  { size: 6, kernel: 3, stride: 1, dilation: 1, pad: "same" },
  { size: 7, kernel: 3, stride: 2, dilation: 1, pad: "same" },
  { size: 8, kernel: 3, stride: 2, dilation: 1, pad: "same" },
  { size: 8, kernel: 3, stride: 2, dilation: 1, pad: "valid" },
  { size: 9, kernel: 2, stride: 3, dilation: 1, pad: "valid" },
  { size: 9, kernel: 3, stride: 1, dilation: 2, pad: "same" },
  { size: 5, kernel: 1, stride: 2, dilation: 1, pad: "same" },
];

/** Places a window meets along one axis, by TensorFlow's rule: results and the padding before. */
function along({ size, kernel, stride, dilation, pad }: Case) {
  const reach = (kernel - 1) * dilation + 1;
  const out = pad === "same" ? Math.ceil(size / stride) : Math.ceil((size - reach + 1) / stride);
  const total = pad === "same" ? Math.max(0, (out - 1) * stride + reach - size) : 0;
  return { out, before: Math.floor(total / 2) };
}

/** Calls `each(result row, result column, kernel row, kernel column, x row, x column)` where a kernel meets the map. */
function meet(one: Case, each: (...at: [number, number, number, number, number, number]) => void) {
  const { out, before } = along(one);
  const { size, kernel, stride, dilation } = one;
  for (let i = 0; i < out; i++)
    for (let j = 0; j < out; j++)
      for (let y = 0; y < kernel; y++)
        for (let x = 0; x < kernel; x++) {
          const [a, b] = [i * stride + y * dilation - before, j * stride + x * dilation - before];
          if (a >= 0 && b >= 0 && a < size && b < size) each(i, j, y, x, a, b);
        }
}

function expectClose(found: DeviceTensor, expected: Float32Array): void {
  const data = found.dataSync();
  expect(data.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) =>
    expect(Math.abs((data[i] ?? NaN) - value)).toBeLessThan(1e-5 * largest),
  );
}

const n = 2;

describe.each(cases)(
  "size $size, kernel $kernel, stride $stride, dilation $dilation, $pad",
  (one) => {
    const { size, kernel, stride, dilation, pad } = one;
    const { out } = along(one);

    it.each([3])(
      "a convolution's slopes reach its input and its filter as plain sums say",
      (channels) => {
        const outputs = 4;
        const x = values(n * size * size * channels, 1);
        const w = values(kernel * kernel * channels * outputs, 2);
        const dy = values(n * out * out * outputs, 3);
        const [dx, dw] = [new Float32Array(x.length), new Float32Array(w.length)];
        for (let row = 0; row < n; row++)
          meet(one, (i, j, y, xx, a, b) => {
            for (let c = 0; c < channels; c++)
              for (let o = 0; o < outputs; o++) {
                const at = ((row * size + a) * size + b) * channels + c;
                const place = ((y * kernel + xx) * channels + c) * outputs + o;
                const slope = dy[((row * out + i) * out + j) * outputs + o] ?? NaN;
                dx[at]! += slope * (w[place] ?? NaN); // within the map
                dw[place]! += slope * (x[at] ?? NaN); // within the filter
              }
          });
        const slopes = tf.tensor4d(dy, [n, out, out, outputs]);
        const [foundX, foundW] = tf.grads((a: DeviceTensor, f: DeviceTensor) =>
          tf.sum(tf.mul(tf.conv2d(a as never, f as never, stride, pad, "NHWC", dilation), slopes)),
        )([
          tf.tensor4d(x, [n, size, size, channels]),
          tf.tensor4d(w, [kernel, kernel, channels, outputs]),
        ]);
        expectClose(foundX as DeviceTensor, dx);
        expectClose(foundW as DeviceTensor, dw);
      },
    );

    it.each([1, 2])("so do a depthwise convolution's, %i times as many channels", (times) => {
      const channels = 3;
      const x = values(n * size * size * channels, 4);
      const w = values(kernel * kernel * channels * times, 5);
      const dy = values(n * out * out * channels * times, 6);
      const [dx, dw] = [new Float32Array(x.length), new Float32Array(w.length)];
      for (let row = 0; row < n; row++)
        meet(one, (i, j, y, xx, a, b) => {
          for (let c = 0; c < channels; c++)
            for (let m = 0; m < times; m++) {
              const at = ((row * size + a) * size + b) * channels + c;
              const place = ((y * kernel + xx) * channels + c) * times + m;
              const slope = dy[(((row * out + i) * out + j) * channels + c) * times + m] ?? NaN;
              dx[at]! += slope * (w[place] ?? NaN); // within the map
              dw[place]! += slope * (x[at] ?? NaN); // within the filter
            }
        });
      const slopes = tf.tensor4d(dy, [n, out, out, channels * times]);
      const [foundX, foundW] = tf.grads((a: DeviceTensor, f: DeviceTensor) =>
        tf.sum(
          tf.mul(tf.depthwiseConv2d(a as never, f as never, stride, pad, "NHWC", dilation), slopes),
        ),
      )([
        tf.tensor4d(x, [n, size, size, channels]),
        tf.tensor4d(w, [kernel, kernel, channels, times]),
      ]);
      expectClose(foundX as DeviceTensor, dx);
      expectClose(foundW as DeviceTensor, dw);
    });
  },
);

describe.each(cases.filter(({ dilation }) => dilation === 1))(
  "pooling: size $size, window $kernel, stride $stride, $pad",
  (one) => {
    const { size, kernel, stride, pad } = one;
    const { out } = along(one);
    const channels = 3;
    const shape: [number, number, number, number] = [n, size, size, channels];

    it("gives each window's slope to its largest value, negative ones too", () => {
      const x = values(n * size * size * channels, 7);
      const dy = values(n * out * out * channels, 8);
      const dx = new Float32Array(x.length);
      for (let row = 0; row < n; row++)
        for (let c = 0; c < channels; c++) {
          const best = new Map<number, number>();
          meet(one, (i, j, _y, _x, a, b) => {
            const at = ((row * size + a) * size + b) * channels + c;
            const window = i * out + j;
            const known = best.get(window);
            if (known === undefined || (x[at] ?? NaN) > (x[known] ?? NaN)) best.set(window, at);
          });
          for (const [window, at] of best)
            dx[at]! += dy[(row * out * out + window) * channels + c] ?? NaN; // within the map
        }
      const slopes = tf.tensor4d(dy, [n, out, out, channels]);
      const found = tf.grad((a) =>
        tf.sum(tf.mul(tf.maxPool(a as never, kernel, stride, pad), slopes)),
      );
      expectClose(found(tf.tensor4d(x, shape)), dx);
    });

    it("shares an average out over the values a window holds, fewer at the border", () => {
      const dy = values(n * out * out * channels, 9);
      const counts = new Map<number, number>();
      meet(one, (i, j) => counts.set(i * out + j, (counts.get(i * out + j) ?? 0) + 1));
      const dx = new Float32Array(n * size * size * channels);
      for (let row = 0; row < n; row++)
        meet(one, (i, j, _y, _x, a, b) => {
          for (let c = 0; c < channels; c++)
            dx[((row * size + a) * size + b) * channels + c]! += // within the map
              (dy[((row * out + i) * out + j) * channels + c] ?? NaN) /
              (counts.get(i * out + j) ?? NaN);
        });
      const slopes = tf.tensor4d(dy, [n, out, out, channels]);
      const found = tf.grad((a) =>
        tf.sum(tf.mul(tf.avgPool(a as never, kernel, stride, pad), slopes)),
      );
      expectClose(found(tf.tensor4d(values(dx.length, 10), shape)), dx);
    });
  },
);

it("sums the slopes of rows that were gathered twice", () => {
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const slopes = tf.tensor2d([1, 10, 2, 20, 3, 30, 4, 40], [4, 2]);
  const chosen = tf.tensor1d([2, 0, 2, 2], "int32");
  const found = tf.grad((a) => tf.sum(tf.mul(tf.gather(a, chosen), slopes)))(x);
  // row 0 was chosen second; row 1 never; row 2 first, third and fourth
  expect([...found.dataSync()]).toEqual([2, 20, 0, 0, 1 + 3 + 4, 10 + 30 + 40]);
});

it("trains a small head of convolutions on the slopes it is given", () => {
  const x = tf.tensor4d(values(4 * 8 * 8 * 3, 11), [4, 8, 8, 3]);
  const labels = tf.oneHot(tf.tensor1d([0, 1, 0, 1], "int32"), 2);
  const kernel = tf.variable(tf.tensor4d(values(3 * 3 * 3 * 4, 12), [3, 3, 3, 4]));
  const dense = tf.variable(tf.tensor2d(values(8, 13), [4, 2]));
  const score = () =>
    tf.tidy(() => {
      const map = tf.relu(tf.conv2d(x, kernel as never, 1, "same"));
      const scores = tf.matMul(tf.mean(map, [1, 2]) as never, dense as never);
      return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(scores)), 1)));
    });
  const before = score().dataSync()[0] ?? NaN;
  const optimizer = tf.train.adam(0.05);
  for (let step = 0; step < 150; step++) optimizer.minimize(() => score() as never);
  expect(score().dataSync()[0]).toBeLessThan(0.9 * before);
});
