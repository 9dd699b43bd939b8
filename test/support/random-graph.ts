import { createRandom } from "./seeded.ts";

/** Declared inputs: the picture, what it is broadcast with, and the weights of layers. */
const inputs = [
  "x: f32[N, 3, 4, 5]",
  "c1: f32[3, 4, 5]",
  "c2: f32[4, 1]",
  "c3: f32[N, 1, 4, 1]",
  "c4: f32[]",
  "w3: f32[3, 3, 3, 3]",
  "w1: f32[3, 1, 3, 1]",
  "m: f32[5, 5]",
  "s3: f32[3]",
  "s5: f32[5]",
  "const v3 = f32[0.5, 1.5, 2]",
];
const unary = [
  "Tanh(#)",
  "Sigmoid(#)",
  "Neg(#)",
  "Softmax(#) { axis: 1 }",
  "Softmax(#) { axis: -1 }",
  "Erf(#)",
  "Softplus(#)",
  "Mish(#)",
  "Sin(#)",
  "Conv(#, w3) { pads: [1, 1, 1, 1] }",
  "Conv(#, w1) { group: 3, pads: [1, 0, 1, 0] }",
  "Conv(#, w3) { dilations: [2, 2], pads: [2, 2, 2, 2] }",
  "AveragePool(#) { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }",
  "BatchNormalization(#, s3, s3, s3, v3)",
  "InstanceNormalization(#, s3, s3) { epsilon: 0.1 }",
  "LayerNormalization(#, s5) { epsilon: 0.1 }",
  "MatMul(#, m)",
];
/** Reduced or cut: what is left is broadcast back onto a whole value. */
const shaped = [
  "ReduceMean(#, i64[3])",
  "ReduceLogSumExp(#, i64[1])",
  "ReduceSumSquare(#, i64[2])",
  "GlobalAveragePool(#)",
];
const binary = ["Add(#, #)", "Mul(#, #)", "Sub(#, #)"];

/** A graph of 5 to 13 operators, `x` to `y`, with fan-out and broadcasting: each reads any values before it. */
export function randomGraph(seed: number): string {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!; // never empty
  const lines = [...inputs];
  const whole = ["x"]; // values of x's dims
  const any = ["x", "c1", "c2", "c3", "c4"];
  const count = 5 + Math.floor(random() * 9);
  for (let i = 0; i < count; i++) {
    const name = `n${i}`;
    const kind = random();
    if (kind < 0.5) lines.push(`${name} = ${pick(unary).replace("#", pick(whole))}`);
    else if (kind < 0.8)
      lines.push(`${name} = ${pick(binary).replace("#", pick(whole)).replace("#", pick(any))}`);
    else if (kind < 0.9) {
      lines.push(`${name}a = Slice(${pick(whole)}, i64[1], i64[3], i64[2])`);
      lines.push(`${name}b = ReduceSum(${name}a, i64[2])`);
      lines.push(`${name} = Add(${name}b, ${pick(whole)})`);
    } else {
      lines.push(`${name}a = ${pick(shaped).replace("#", pick(whole))}`);
      lines.push(`${name} = Add(${name}a, ${pick(whole)})`);
    }
    whole.push(name);
    any.push(name);
  }
  // `x` itself takes part, so that saturated graphs have a slope too.
  const last = [...whole.slice(-3), "x"];
  lines.push(
    `z = Concat(${last.join(", ")}) { axis: 1 }`,
    "y = ReduceMean(z, i64[2]) { keepdims: 0 }",
  );
  return lines.join("\n");
}
