import { fail } from "../../../shared/errors/app-error.ts";
import { tokensBeside } from "../compile/structure.ts";
import { elementCodes } from "../onnx/element-codes.ts";
import { filledConstant, floatConstant, floatsOf, intConstant } from "../onnx/constant.ts";
import type { Constant } from "../onnx/graph.ts";
import { viewPrefix } from "../passes/grid.ts";
import { appendTail } from "../passes/append-tail.ts";
import type { MapExport, MapParts, MapWriter } from "./map-writer.ts";
import { repeated } from "./repeated.ts";

/**
 * Recipro-CAM: the score of the tail with one position left, less that of nothing left (`engine/cam/recipro-cam.ts`).
 * A pooled linear head says so in one product; any other tail runs once more over the n + 1 masked copies of each image,
 * so memory grows by them. Softmax and difference are computed in double precision: the scores of a thousand classes
 * differ in their last digits.
 */
export const reciproCam: MapExport = (writer, parts) => {
  const { tap, head } = parts;
  return head.kind === "pooled-linear" && head.weights && head.bias && tap.layout !== "tokens"
    ? fromHead(writer, parts, head.weights.data, head.bias)
    : fromTail(writer, parts);
};

const double = { to: elementCodes.f64 ?? 11 };
const single = { to: elementCodes.f32 ?? 1 };

/** `y[c,p] = Σ_k W[c,k]·A[k,p] + b[c]`, all positions at once. */
function fromHead(
  { write }: MapWriter,
  { tap, activations, seed, model }: MapParts,
  weights: Float32Array,
  bias: Float32Array,
): string {
  const [k, h, w] = tap.grid;
  const { classes } = model.logits;
  const positions = write("Reshape", [activations, intConstant([0, k, h * w])]);
  const nothing = filledConstant("f32", 0, [1, k, 1]);
  const columns = write("Concat", [positions, expandTo(positions, nothing)], { axis: 2 });
  const product = write("MatMul", [
    write("Cast", [floatConstant(weights, [classes, k])], double),
    write("Cast", [columns], double),
  ]);
  const logits = write("Add", [
    product,
    write("Cast", [floatConstant(bias, [classes, 1])], double),
  ]); // [N,C,n+1]
  const rows = write("Transpose", [logits], { perm: [0, 2, 1] });
  return scored({ write }, rows, { seed, classes, h, w, isLogit: classes === 1 });

  function expandTo(like: string, value: Constant): string {
    const batch = write("Shape", [like], { start: 0, end: 1 });
    const dims = write("Concat", [batch, intConstant([1, 1])], { axis: 0 });
    return write("Expand", [value, dims]);
  }
}

function fromTail(writer: MapWriter, parts: MapParts): string {
  const { model, tap, tail, activations, seed } = parts;
  if (model.fixedBatch !== null) fail("export/method", { method: "recipro-cam", why: "one-batch" });
  const { write } = writer;
  const [k, h, w] = tap.grid;
  const { classes } = model.logits;
  const copies = h * w + 1;
  const stacked = write("Mul", [
    write("Unsqueeze", [activations, intConstant([1])]),
    masks(h, w, tap.layout === "tokens" ? 1 : 0),
  ]); // [N,n+1,K,H,W]
  const feeds = new Map([
    [tail.activations, write("Reshape", [stacked, intConstant([-1, k, h, w])])],
  ]);
  const beside = tokensBeside(model, tap, tail);
  for (const name of tail.crossing) {
    const { dims = [], batchFactor = [] } = model.shapes.get(name) ?? {};
    const copied = repeated(writer, name, copies, dims, batchFactor);
    feeds.set(name, beside.includes(name) ? maskedTokens(writer, copied, tap) : copied);
  }
  if (tail.prefix) {
    const prefix = writer.append((graph) => viewPrefix(graph, tap.name, tap));
    feeds.set(tail.prefix, repeated(writer, prefix, copies, [1, tap.prefixTokens, k], [1, 0, 0]));
  }
  const logits = writer.append((graph) => appendTail(graph, tail, feeds));
  const rows = write(
    "Cast",
    [write("Reshape", [logits, intConstant([-1, copies, classes])])],
    double,
  );
  const isLogit = tap.layout === "tokens" || classes === 1;
  return scored(writer, rows, { seed, classes, h, w, isLogit });
}

/** Copies `[N·(n+1),P+n,K]` of tokens with the patches of each masked as the layer's own are; prefix tokens stay. */
function maskedTokens(
  { write }: MapWriter,
  copied: string,
  { grid: [k, h, w], prefixTokens }: MapParts["tap"],
): string {
  const [n, copies] = [h * w, h * w + 1];
  const patches = floatsOf(masks(h, w, 1));
  const factors = new Float32Array(copies * (prefixTokens + n)).fill(1);
  for (let row = 0; row < copies; row++)
    factors.set(patches.subarray(row * n, (row + 1) * n), row * (prefixTokens + n) + prefixTokens);
  const apart = write("Reshape", [copied, intConstant([-1, copies, prefixTokens + n, k])]);
  const masked = write("Mul", [apart, floatConstant(factors, [1, copies, prefixTokens + n, 1])]);
  return write("Reshape", [masked, intConstant([-1, prefixTokens + n, k])]);
}

interface Scoring {
  readonly seed: string;
  readonly classes: number;
  readonly h: number;
  readonly w: number;
  readonly isLogit: boolean;
}

/** Logits in double `[N,n+1,C]`, nothing left last, to the map. */
function scored(
  { write }: Pick<MapWriter, "write">,
  rows: string,
  { seed, classes, h, w, isLogit }: Scoring,
): string {
  const n = h * w;
  const scores = isLogit ? rows : write("Softmax", [rows], { axis: -1 });
  const chosen = write("Reshape", [write("Cast", [seed], double), intConstant([-1, classes, 1])]);
  const own = write("Squeeze", [write("MatMul", [scores, chosen]), intConstant([2])]); // [N,n+1]
  const slice = (from: number, to: number) =>
    write("Slice", [own, intConstant([from]), intConstant([to]), intConstant([1])]);
  const map = write("Sub", [slice(0, n), slice(n, n + 1)]);
  return write("Reshape", [write("Cast", [map], single), intConstant([-1, h, w])]);
}

/** What is left of each position `[1,n+1,1,H,W]`; with `reach` 1 its neighbours too, 1 2 1 / 2 4 2 / 1 2 1 over 16. */
function masks(h: number, w: number, reach: 0 | 1): Constant {
  const n = h * w;
  const values = new Float32Array((n + 1) * n);
  for (let p = 0; p < n; p++)
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const [y, x] = [Math.floor(p / w) + dy, (p % w) + dx];
        if (y < 0 || y >= h || x < 0 || x >= w) continue;
        values[p * n + y * w + x] = reach ? ((2 - Math.abs(dy)) * (2 - Math.abs(dx))) / 16 : 1;
      }
  return floatConstant(values, [1, n + 1, 1, h, w]);
}
