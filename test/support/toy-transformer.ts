import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { floatsOf } from "../../src-main/engine/onnx/constant.ts";
import { parseGraph } from "../../src-main/engine/onnx/text.ts";
import { writeGraph } from "../../src-main/engine/onnx/wire.ts";
import { openModel, type OpenModel } from "../../src-main/engine/session/open-model.ts";

/** A class token before a grid of 2 × 3 patches that is not square; two blocks of two heads. */
export const toyTransformer = {
  input: [1, 2, 4, 6],
  grid: [2, 3],
  tokens: 7,
  width: 6,
  heads: 2,
  hidden: 8,
  classes: 3,
  blocks: 2,
} as const;
const { tokens: t, width: d, heads, hidden, classes, blocks } = toyTransformer;

const block = (l: number) => `
  n${l} = LayerNormalization(z${l}, g${l}, b${l}) { epsilon: 1e-5 }
  q${l} = MatMul(n${l}, wq${l})
  k${l} = MatMul(n${l}, wk${l})
  v${l} = MatMul(n${l}, wv${l})
  qh${l} = Reshape(q${l}, i64[0, 0, 2, 3])
  kh${l} = Reshape(k${l}, i64[0, 0, 2, 3])
  vh${l} = Reshape(v${l}, i64[0, 0, 2, 3])
  qt${l} = Transpose(qh${l}) { perm: [0, 2, 1, 3] }
  kt${l} = Transpose(kh${l}) { perm: [0, 2, 3, 1] }
  vt${l} = Transpose(vh${l}) { perm: [0, 2, 1, 3] }
  qk${l} = MatMul(qt${l}, kt${l})
  p${l} = Softmax(qk${l}) { axis: -1 }
  pv${l} = MatMul(p${l}, vt${l})
  back${l} = Transpose(pv${l}) { perm: [0, 2, 1, 3] }
  mixed${l} = Reshape(back${l}, i64[0, 0, 6])
  r${l} = Add(z${l}, mixed${l})
  m${l} = LayerNormalization(r${l}, h${l}, c${l}) { epsilon: 1e-5 }
  up${l} = MatMul(m${l}, wu${l})
  act${l} = Tanh(up${l})
  down${l} = MatMul(act${l}, wd${l})
  z${l + 1} = Add(r${l}, down${l})`;

const weights = (l: number) => `
  const g${l}: f32[6]
  const b${l}: f32[6]
  const h${l}: f32[6]
  const c${l}: f32[6]
  const wq${l}: f32[6, 6]
  const wk${l}: f32[6, 6]
  const wv${l}: f32[6, 6]
  const wu${l}: f32[6, 8]
  const wd${l}: f32[8, 6]`;

const graph = parseGraph(`
  x: f32[N, 2, 4, 6]
  const patch: f32[6, 2, 2, 2]
  const class: f32[1, 1, 6]
  const place: f32[1, 7, 6]
  const gn: f32[6]
  const bn: f32[6]
  const head: f32[6, 3]
  ${weights(0)}
  ${weights(1)}
  patches = Conv(x, patch) { strides: [2, 2] }
  flat = Reshape(patches, i64[0, 6, 6])
  turned = Transpose(flat) { perm: [0, 2, 1] }
  rows = Shape(x) { start: 0, end: 1 }
  size = Concat(rows, i64[1, 6]) { axis: 0 }
  first = Expand(class, size)
  joined = Concat(first, turned) { axis: 1 }
  z0 = Add(joined, place)
  ${block(0)}
  ${block(1)}
  normed = LayerNormalization(z2, gn, bn) { epsilon: 1e-5 }
  picked = Gather(normed, i64(0)) { axis: 1 }
  y = MatMul(picked, head)
  return y`);

/** The network as a model file, opened; closed by the caller. */
export async function openToyTransformer(): Promise<OpenModel> {
  const folder = await mkdtemp(join(tmpdir(), "hansight-"));
  const path = join(folder, "toy.onnx");
  await writeFile(path, writeGraph(graph));
  try {
    return await openModel(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Matrix = Float64Array;

/** Changes to a forward pass: attention in place of a block's own `[heads,T,T]`, and factors of the last block's patches. */
export interface Changes {
  readonly attention?: ReadonlyMap<number, Matrix>;
  /** `[6]`: of the patch tokens after the last block's norm, and of its residual stream. */
  readonly kept?: readonly number[];
}

export interface ToyPass {
  /** `[heads,T,T]` of each block. */
  readonly attention: readonly Matrix[];
  /** `[T,D]` leaving each block. */
  readonly outputs: readonly Matrix[];
  readonly logits: Matrix;
}

/** The same network written out in double precision: what the engine's answers are held against. */
export function runToyTransformer(image: ArrayLike<number>, changes: Changes = {}): ToyPass {
  const attention: Matrix[] = [];
  const outputs: Matrix[] = [];
  let z = embed(image);
  for (let l = 0; l < blocks; l++) {
    let normed = norm(z, `g${l}`, `b${l}`);
    let stream = z;
    const { kept } = changes;
    if (kept && l === blocks - 1) [normed, stream] = [mask(normed, kept), mask(z, kept)];
    const p = changes.attention?.get(l) ?? attend(normed, l);
    attention.push(p);
    const v = times(normed, weight(`wv${l}`), d, d);
    const r = stream.map((value, at) => {
      const [i, j] = [Math.floor(at / d), at % d];
      const h = Math.floor(j / (d / heads));
      let sum = value;
      for (let s = 0; s < t; s++) sum += p[(h * t + i) * t + s] * v[s * d + j];
      return sum;
    });
    const up = times(norm(r, `h${l}`, `c${l}`), weight(`wu${l}`), d, hidden).map(Math.tanh);
    const down = times(up, weight(`wd${l}`), hidden, d);
    z = r.map((value, at) => value + down[at]);
    outputs.push(z);
  }
  return { attention, outputs, logits: classify(z.subarray(0, d)) };
}

/** The classifier on one token `[D]`: its norm and its linear layer. */
export function classify(token: Matrix): Matrix {
  return times(norm(token, "gn", "bn"), weight("head"), d, classes);
}

function embed(image: ArrayLike<number>): Matrix {
  const [kernels, first, place] = [weight("patch"), weight("class"), weight("place")];
  return Float64Array.from({ length: t * d }, (_, at) => {
    const [token, j] = [Math.floor(at / d), at % d];
    if (token === 0) return first[j] + place[j];
    const [y, x] = [Math.floor((token - 1) / 3), (token - 1) % 3];
    let sum = place[at];
    for (let c = 0; c < 2; c++)
      for (let dy = 0; dy < 2; dy++)
        for (let dx = 0; dx < 2; dx++)
          sum +=
            kernels[((j * 2 + c) * 2 + dy) * 2 + dx] * image[(c * 4 + 2 * y + dy) * 6 + 2 * x + dx];
    return sum;
  });
}

function attend(normed: Matrix, l: number): Matrix {
  const [q, k] = ["wq", "wk"].map((name) => times(normed, weight(name + String(l)), d, d));
  const p = new Float64Array(heads * t * t);
  const own = d / heads;
  for (let h = 0; h < heads; h++)
    for (let i = 0; i < t; i++) {
      const row = p.subarray((h * t + i) * t, (h * t + i + 1) * t);
      for (let s = 0; s < t; s++) {
        let score = 0;
        for (let j = h * own; j < (h + 1) * own; j++) score += q[i * d + j] * k[s * d + j];
        row[s] = Math.exp(score);
      }
      const total = row.reduce((sum, value) => sum + value, 0);
      row.forEach((value, s) => (row[s] = value / total));
    }
  return p;
}

function mask(tokens: Matrix, kept: readonly number[]): Matrix {
  return tokens.map((value, at) => (at < d ? value : value * kept[Math.floor(at / d) - 1]));
}

/** Normalised rows `[.,D]`. */
function norm(values: Matrix, scale: string, shift: string): Matrix {
  const [g, b] = [weight(scale), weight(shift)];
  const out = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += d) {
    const row = values.subarray(from, from + d);
    const mean = row.reduce((sum, value) => sum + value, 0) / d;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d;
    row.forEach((value, j) => {
      out[from + j] = ((value - mean) / Math.sqrt(variance + 1e-5)) * g[j] + b[j];
    });
  }
  return out;
}

/** `[.,inner] · [inner,outer]`. */
function times(a: Matrix, b: ArrayLike<number>, inner: number, outer: number): Matrix {
  return Float64Array.from({ length: (a.length / inner) * outer }, (_, at) => {
    const [i, j] = [Math.floor(at / outer), at % outer];
    let sum = 0;
    for (let s = 0; s < inner; s++) sum += a[i * inner + s] * b[s * outer + j];
    return sum;
  });
}

function weight(name: string): Float32Array {
  const constant = graph.constants.get(name);
  if (!constant) throw new Error(`no weight ${name}`);
  return floatsOf(constant);
}
