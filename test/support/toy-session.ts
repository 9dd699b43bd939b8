import { noStructure } from "../../shared/domain/structure.ts";
import type { Forward, TapSession } from "../../shared/domain/engine.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";

/** Seeded numbers in −1..1, for weights and pictures of tests. */
export function seededNumbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  });
}

export interface ToyOptions {
  /** "pooled": mean → linear. "two-layer": mean → linear → ReLU → linear, whose gradient reads activations. */
  readonly head: "pooled" | "two-layer";
  readonly seed?: number;
  readonly isTokens?: boolean;
  /** Hides the closed form of a pooled head, so that the general path runs on it. */
  readonly hidesHead?: boolean;
  /** Weights under which class 1 is the first colour and nothing else is evidence (pooled head). */
  readonly isPlanted?: boolean;
}

/** Input `[N,2,8,8]`; tap `[N,6,4,4]`; 3 classes. */
export const toyShape = { colours: 2, side: 8, k: 6, grid: 4, classes: 3, hidden: 5 } as const;

/**
 * A whole small network with exact gradients, computed here: 2×2 means, a 1×1 convolution with ReLU (the tap), then a head.
 */
export function toySession({
  head,
  seed = 1,
  isTokens = false,
  hidesHead = false,
  isPlanted = false,
}: ToyOptions): TapSession {
  const { colours, side, k, grid, classes, hidden } = toyShape;
  const n = grid * grid;
  const conv = seededNumbers(k * (colours + 1), seed);
  const wide = seededNumbers(hidden * (k + 1), seed + 1);
  const last = head === "pooled" ? k : hidden;
  const linear = seededNumbers(classes * last, seed + 2);
  const bias = seededNumbers(classes, seed + 3);
  if (isPlanted) {
    conv.fill(0);
    conv[0] = 1; // channel 0 reads colour 0
    conv[colours + 1 + 1] = 1; // channel 1 reads colour 1, which no class uses
    linear.fill(0);
    linear[last] = 8; // class 1 reads channel 0
    bias.fill(0);
  }

  function tapOf(images: Tensor): Tensor {
    const count = images.dims[0];
    const data = new Float32Array(count * k * n);
    for (let i = 0; i < count; i++)
      for (let channel = 0; channel < k; channel++)
        for (let p = 0; p < n; p++) {
          let sum = conv[channel * (colours + 1) + colours] * 0.2;
          for (let colour = 0; colour < colours; colour++)
            for (let q = 0; q < 4; q++) {
              const y = Math.floor(p / grid) * 2 + (q >> 1);
              const x = (p % grid) * 2 + (q & 1);
              const pixel = images.data[((i * colours + colour) * side + y) * side + x];
              sum += (conv[channel * (colours + 1) + colour] * pixel) / 4;
            }
          data[(i * k + channel) * n + p] = Math.max(0, sum);
        }
    return { dims: [count, k, grid, grid], data };
  }

  /** Logits of one tap, and the activations of the layer the last linear one reads. */
  function headOf(tap: Float32Array): { logits: Float32Array; features: Float64Array } {
    const means = Float64Array.from({ length: k }, (_, channel) => {
      let sum = 0;
      for (let p = 0; p < n; p++) sum += tap[channel * n + p];
      return sum / n;
    });
    const features =
      head === "pooled"
        ? means
        : Float64Array.from({ length: hidden }, (_, j) => {
            let sum = wide[j * (k + 1) + k];
            for (let channel = 0; channel < k; channel++)
              sum += wide[j * (k + 1) + channel] * means[channel];
            return Math.max(0, sum);
          });
    const logits = Float32Array.from({ length: classes }, (_, c) => {
      let sum = bias[c];
      for (let j = 0; j < last; j++) sum += linear[c * last + j] * features[j];
      return sum;
    });
    return { logits, features };
  }

  function logitsOf(taps: Tensor): Tensor {
    const count = taps.dims[0];
    const data = new Float32Array(count * classes);
    for (let i = 0; i < count; i++)
      data.set(headOf(taps.data.subarray(i * k * n, (i + 1) * k * n)).logits, i * classes);
    return { dims: [count, classes], data };
  }

  function gradientOf(tap: Float32Array, seedRow: ArrayLike<number>): Float32Array {
    const { features } = headOf(tap);
    const out = new Float32Array(k * n);
    for (let channel = 0; channel < k; channel++) {
      let g = 0;
      for (let c = 0; c < classes; c++)
        if (head === "pooled") g += seedRow[c] * linear[c * last + channel];
        else
          for (let j = 0; j < hidden; j++)
            if (features[j] > 0)
              g += seedRow[c] * linear[c * hidden + j] * wide[j * (k + 1) + channel];
      out.fill(g / n, channel * n, (channel + 1) * n);
    }
    return out;
  }

  async function forward(images: Tensor): Promise<Forward> {
    const activations = tapOf(images);
    return { activations, logits: logitsOf(activations), context: null };
  }

  return {
    description: {
      fileName: "toy",
      sha256: "",
      opset: 17,
      producer: "test",
      input: {
        name: "x",
        dims: ["N", colours, side, side],
        elementType: "f32",
        layout: "NCHW",
        channels: colours,
        heightPx: side,
        widthPx: side,
        fixedBatch: null,
      },
      output: { name: "y", classes, stripped: "none" },
      head: head === "pooled" ? "pooled-linear" : "general",
      taps: [],
      methods: [],
      classNames: null,
    },
    tap: {
      name: "a",
      grid: [k, grid, grid],
      layout: isTokens ? "tokens" : "channels-first",
      prefixTokens: 0,
      isDefault: true,
      isScaleFree: false,
      reason: "pooling-input",
    },
    head:
      head === "pooled" && !hidesHead
        ? {
            kind: "pooled-linear",
            weights: { dims: [classes, k], data: linear.map((weight) => weight / n) },
            bias,
          }
        : { kind: "general", weights: null, bias: null },
    structure: noStructure,
    methods: [],
    tailGradient: async (_, activations, rows, seeds) => {
      const data = new Float32Array(activations.data.length);
      for (let m = 0; m < rows.length; m++) {
        const tap = activations.data.subarray(m * k * n, (m + 1) * k * n);
        data.set(gradientOf(tap, seeds.data.subarray(m * classes, (m + 1) * classes)), m * k * n);
      }
      return { logits: logitsOf(activations), gradients: { dims: activations.dims, data } };
    },
    read: () => Promise.reject(new Error("the toy has no graph to read")),
    forward,
    async gradient(images, wanted) {
      const pass = await forward(images);
      const count = images.dims[0];
      const data = new Float32Array(count * k * n);
      for (let i = 0; i < count; i++) {
        const logits = pass.logits.data.subarray(i * classes, (i + 1) * classes);
        const order = [...logits.keys()].toSorted((a, b) => logits[b] - logits[a]);
        const row =
          typeof wanted === "string"
            ? logits.map((_, c) =>
                c === order[0] ? 1 : wanted === "top-2" && c === order[1] ? -1 : 0,
              )
            : wanted.data.subarray(i * classes, (i + 1) * classes);
        data.set(
          gradientOf(pass.activations.data.subarray(i * k * n, (i + 1) * k * n), row),
          i * k * n,
        );
      }
      return { ...pass, gradients: { dims: pass.activations.dims, data } };
    },
    tail: async (_from, activations) => logitsOf(activations),
    close: async () => {},
  };
}

/** Seeded pictures `[count,2,8,8]`. */
export function toyImages(count: number, seed = 7): Tensor {
  const { colours, side } = toyShape;
  return {
    dims: [count, colours, side, side],
    data: seededNumbers(count * colours * side * side, seed),
  };
}
