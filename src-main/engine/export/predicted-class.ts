import { floatConstant, intConstant } from "../onnx/constant.ts";
import type { MapWriter } from "./map-writer.ts";

/**
 * Weights of the logits in the score of the predicted class, `[N,C]`, chosen inside the graph: one-hot at the arg-max.
 * With one output the prediction is a sign: +1 for class 1, −1 for class 0.
 */
export function writePredictedClass({ write }: MapWriter, logits: string, classes: number): string {
  if (classes === 1) {
    const isPositive = write("Greater", [logits, floatConstant([0], [])]);
    return write("Where", [isPositive, floatConstant([1], []), floatConstant([-1], [])]);
  }
  const best = write("ArgMax", [logits], { axis: 1, keepdims: 0 });
  return write("OneHot", [best, intConstant([classes], []), floatConstant([0, 1])], { axis: -1 });
}
