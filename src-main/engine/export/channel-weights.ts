import { fail } from "../../../shared/errors/app-error.ts";
import { filledConstant, floatConstant, intConstant } from "../onnx/constant.ts";
import { elementCodes } from "../onnx/element-codes.ts";
import { loopedScores } from "./looped-scores.ts";
import type { MapExport, MapParts, MapWriter } from "./map-writer.ts";

/**
 * Methods that weight channels: map = Σ_k w_k A_k, the weights `[N,K,1,1]` from A and G. The equations and their papers
 * stand in `engine/cam`, one file per method.
 */
const places = intConstant([2, 3]);
const channels = intConstant([1]);

/** Signed activations all but cancel in a sum: weights that divide by one are computed in double precision. */
const double = { to: elementCodes.f64 ?? 11 };
const single = { to: elementCodes.f32 ?? 1 };
const scalar = (value: number) => filledConstant("f64", value);

function weighted({ write }: MapWriter, activations: string, weights: string): string {
  return write("ReduceSum", [write("Mul", [activations, weights]), channels], { keepdims: 0 });
}

/** w = mean of G over the positions. */
export const gradCam: MapExport = (writer, { activations, gradients }) =>
  weighted(writer, activations, writer.write("ReduceMean", [gradients(), places]));

/** w = W_c: with a pooled linear head, n times the mean gradient. */
export const cam: MapExport = (writer, parts) => {
  const { tap, head, activations, gradients } = parts;
  if (head.kind !== "pooled-linear") fail("method/no-cam", { tap: tap.name });
  return weighted(writer, activations, writer.write("ReduceSum", [gradients(), places]));
};

/** w = Σ α·relu(G), α = G² / (2G² + S·G³ + ε), S = ΣA; where the divisor vanishes, nothing. */
export const gradCamPlusPlus: MapExport = (writer, { activations, gradients }) => {
  const { write } = writer;
  const positive = write("Cast", [write("Relu", [gradients()])], double);
  const square = write("Mul", [positive, positive]);
  const cube = write("Mul", [square, positive]);
  const sum = write("ReduceSum", [write("Cast", [activations], double), places]);
  const twice = write("Mul", [square, scalar(2)]);
  const own = write("Add", [write("Mul", [sum, cube]), scalar(1e-6)]);
  const divisor = write("Add", [twice, own]);
  const isSafe = write("Not", [write("Less", [write("Abs", [divisor]), scalar(1e-12)])]);
  const share = write("Where", [isSafe, write("Div", [cube, divisor]), scalar(0)]);
  const weights = write("ReduceSum", [share, places]);
  return weighted(writer, activations, write("Cast", [weights], single));
};

/** w = Σ G·A / (ΣA + ε); a channel whose ΣA cancels gets the mean of G. */
export const xGradCam: MapExport = (writer, { activations, gradients }) => {
  const { write } = writer;
  const gradient = write("Cast", [gradients()], double);
  const values = write("Cast", [activations], double);
  const product = write("ReduceSum", [write("Mul", [gradient, values]), places]);
  const sum = write("ReduceSum", [values, places]);
  const magnitude = write("ReduceSum", [write("Abs", [values]), places]);
  const least = write("Mul", [magnitude, scalar(1e-6)]);
  const cancels = write("Less", [write("Abs", [sum]), least]);
  const share = write("Div", [product, write("Add", [sum, scalar(1e-7)])]);
  const weights = write("Where", [cancels, write("ReduceMean", [gradient, places]), share]);
  return weighted(writer, activations, write("Cast", [weights], single));
};

/**
 * w = Δ / |t|. Where the head is linear in the tap Δ = Σ G·A exactly; elsewhere the tail runs once per channel, in a loop. A score near
 * 0 divides by nothing.
 */
export const ablationCam: MapExport = (writer, parts) => {
  const { head, activations, gradients, logits, seed } = parts;
  const { write } = writer;
  const signed = write("ReduceSum", [
    write("Mul", [write("Cast", [seed], double), write("Cast", [logits], double)]),
    channels,
  ]); // [N,1]
  const drops = head.weights
    ? write("ReduceSum", [
        write("Cast", [write("Mul", [gradients(), activations])], double),
        places,
      ])
    : ablated(writer, parts, signed);
  const score = write("Reshape", [write("Abs", [signed]), intConstant([-1, 1, 1, 1])]);
  const largest = write("ReduceMax", [write("Abs", [drops]), channels]);
  const least = write("Mul", [largest, scalar(1e-3)]);
  const isSmall = write("Or", [write("Less", [score, least]), write("Equal", [score, scalar(0)])]);
  const divisor = write("Where", [isSmall, scalar(1), score]);
  const weights = write("Cast", [write("Div", [drops, divisor])], single);
  return weighted(writer, activations, weights);
};

/** `t(A) − t(A without channel k)`, `[N,K,1,1]`, by a pass of the tail for each channel. */
function ablated(writer: MapWriter, parts: MapParts, score: string): string {
  const { tap, activations } = parts;
  const [k] = tap.grid;
  const left = loopedScores(
    writer,
    { ...parts, method: "ablation-cam" },
    k,
    (body, copies, chunk) => {
      const depth = intConstant([k], []);
      const without = body.write("OneHot", [copies, depth, floatConstant([1, 0])], { axis: -1 });
      const mask = body.write("Reshape", [without, intConstant([1, chunk, k, 1, 1])]);
      const whole = body.write("Unsqueeze", [activations, channels]);
      return body.write("Mul", [whole, mask]);
    },
  );
  const drops = writer.write("Sub", [score, left]);
  return writer.write("Reshape", [drops, intConstant([-1, k, 1, 1])]);
}
