import { filledConstant, floatConstant, intConstant } from "../onnx/constant.ts";
import { attributesFrom } from "../onnx/attributes.ts";
import { elementCodes } from "../onnx/element-codes.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";
import { loopedScores } from "./looped-scores.ts";
import type { MapExport, MapParts, MapWriter } from "./map-writer.ts";

const double = { to: elementCodes.f64 ?? 11 };
const single = { to: elementCodes.f32 ?? 1 };
const scalar = (value: number) => filledConstant("f64", value);
const places = intConstant([2, 3]);
const channels = intConstant([1]);

/** As in `engine/cam/fd-cam.ts` and `kernels/similarity.ts`. */
const quantile = 0.95;
const tolerance = 1e-9;

/**
 * FD-CAM: w_k = exp(ŝ_k) ĝ_k − 0.5, with ŝ from what groups of similar channels do alone and taken away, ĝ from mean gradients.
 * Where the head is linear in the tap the groups' scores are sums of G·A; elsewhere a loop runs the tail twice per channel.
 */
export const fdCam: MapExport = (writer, parts) => {
  const { write } = writer;
  const { tap, head, activations } = parts;
  const [k] = tap.grid;
  const gradients = write("Cast", [parts.gradients()], double);
  const groups = groupMasks(writer, parts);
  const scores = head.weights
    ? linearScores(writer, activations, gradients, groups)
    : measuredScores(writer, parts, groups);
  const slopes = write("ReduceMean", [gradients, places], { keepdims: 0 }); // [N,K]
  const [s, g] = [minMax(writer, scores), minMax(writer, slopes)];
  const weights = write("Sub", [write("Mul", [write("Exp", [s]), g]), scalar(0.5)]);
  const own = write("Reshape", [write("Cast", [weights], single), intConstant([-1, k, 1, 1])]);
  return write("ReduceSum", [write("Mul", [activations, own]), channels], { keepdims: 0 });
};

/** Which channels belong to the group of each, 0 or 1 in double precision, `[N,K,K]`. */
function groupMasks(writer: MapWriter, { tap, activations }: MapParts): string {
  const { write } = writer;
  const [k, h, w] = tap.grid;
  const rows = write("Cast", [write("Reshape", [activations, intConstant([0, k, h * w])])], double);
  const last = intConstant([2]);
  const length = write("Sqrt", [write("ReduceSum", [write("Mul", [rows, rows]), last])]); // [N,K,1]
  const isLive = write("Greater", [length, scalar(0)]);
  const units = write("Div", [rows, write("Where", [isLive, length, scalar(1)])]);
  const cosines = write("MatMul", [units, write("Transpose", [units], { perm: [0, 2, 1] })]);

  const position = quantile * (k - 1);
  const low = Math.floor(position);
  const share = position - low;
  const kept = k - low; // the sorted values from `low` on, largest first
  const top = largest(writer, cosines, kept);
  const at = (index: number) => write("Gather", [top, intConstant([index])], { axis: 2 });
  const [lower, upper] = [at(kept - 1), at(Math.max(0, kept - 2))];
  const between = write("Mul", [write("Sub", [upper, lower]), scalar(share)]);
  const threshold = write("Add", [write("Add", [lower, between]), scalar(tolerance)]);

  const similar = write("Cast", [write("Greater", [cosines, threshold])], double);
  const isEmpty = write("Equal", [write("ReduceMax", [similar, last]), scalar(0)]);
  const alone = filledConstant("f64", 0, [k, k]);
  const ones = new Float64Array(alone.bytes.buffer, alone.bytes.byteOffset, k * k);
  for (let i = 0; i < k; i++) ones[i * k + i] = 1;
  const groups = write("Where", [isEmpty, alone, similar]);
  return write("Where", [isLive, groups, scalar(0)]);
}

/** The `count` largest values along the last axis, in falling order. */
function largest(writer: MapWriter, values: string, count: number): string {
  return writer.append((graph) => {
    const fresh = freshNames(graph);
    const [view, indices, size] = ["map/largest", "map/largest/at", "map/largest/count"].map(fresh);
    const node = plainNode("TopK", [values, size], [view, indices], attributesFrom({ axis: -1 }));
    const constants = new Map([...graph.constants, [size, intConstant([count])] as const]);
    return { graph: { ...graph, constants, nodes: [...graph.nodes, node] }, view };
  });
}

/** `2 Σ_{j ∈ G_i} Σ G_j A_j`, `[N,K]`. */
function linearScores(
  { write }: MapWriter,
  activations: string,
  gradients: string,
  groups: string,
): string {
  const products = write("Mul", [gradients, write("Cast", [activations], double)]);
  const shares = write("ReduceSum", [products, places], { keepdims: 0 });
  const sums = write("MatMul", [groups, write("Unsqueeze", [shares, intConstant([2])])]);
  return write("Mul", [write("Squeeze", [sums, intConstant([2])]), scalar(2)]);
}

/** `t(A, only G_i) − t(A, without G_i)`, `[N,K]`; the score itself falls out of the scaling. */
function measuredScores(writer: MapWriter, parts: MapParts, groups: string): string {
  const { write } = writer;
  const { tap, activations } = parts;
  const [k] = tap.grid;
  const switched = write("Cast", [groups], single);
  // Copy 2i keeps group i, copy 2i + 1 takes it away.
  const all = loopedScores(writer, { ...parts, method: "fd-cam" }, 2 * k, (body, copies, chunk) => {
    const two = intConstant([2], []);
    const own = body.write("Gather", [switched, body.write("Div", [copies, two])], { axis: 1 });
    const isTaken = body.write("Cast", [body.write("Mod", [copies, two])], single);
    const taken = body.write("Reshape", [isTaken, intConstant([1, chunk, 1])]);
    const sign = body.write("Sub", [
      floatConstant([1], []),
      body.write("Mul", [taken, floatConstant([2], [])]),
    ]);
    const mask = body.write("Add", [body.write("Mul", [own, sign]), taken]); // g, or 1 − g
    const whole = body.write("Unsqueeze", [activations, channels]);
    const shaped = body.write("Reshape", [mask, intConstant([0, 0, 0, 1, 1])]);
    return body.write("Mul", [whole, shaped]);
  });
  const pairs = write("Reshape", [all, intConstant([-1, k, 2])]);
  const side = (from: number) =>
    write("Squeeze", [
      write("Slice", [pairs, intConstant([from]), intConstant([from + 1]), intConstant([2])]),
      intConstant([2]),
    ]);
  return write("Sub", [side(0), side(1)]);
}

/** Values `[N,K]` on 0..1 over the channels; all 0.5 where they differ by rounding alone. */
function minMax({ write }: MapWriter, values: string): string {
  const [least, most] = ["ReduceMin", "ReduceMax"].map((op) => write(op, [values, channels]));
  const range = write("Sub", [most, least]);
  const size = write("Max", [write("Abs", [least]), write("Abs", [most])]);
  const isConstant = write("Not", [write("Greater", [range, write("Mul", [size, scalar(1e-7)])])]);
  const safe = write("Where", [isConstant, scalar(1), range]);
  const scaled = write("Div", [write("Sub", [values, least]), safe]);
  return write("Where", [isConstant, scalar(0.5), scaled]);
}
