import { describe, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import { createRandom } from "../../../test/support/seeded.ts";

const dims = ["N, 3, 4, 5", "3, 4, 5", "4, 1", "N, 1, 4, 1", ""];
const unary = [
  "Tanh(#)",
  "Sigmoid(#)",
  "Neg(#)",
  "Softmax(#) { axis: 1 }",
  "Erf(#)",
  "Softplus(#)",
];
const shaped = [
  "Transpose(#) { perm: [0, 1, 2, 3] }",
  "ReduceMean(#, i64[3])",
  "ReduceLogSumExp(#, i64[1])",
  "Slice(#, i64[1], i64[3], i64[2])",
];
const binary = ["Add(#, #)", "Mul(#, #)", "Sub(#, #)"];

/** A graph of 5 to 13 nodes with fan-out and broadcasting: each node reads any values before it. */
function randomGraph(seed: number): string {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!; // never empty
  const lines = dims.map((own, i) => `${i ? `c${i}` : "x"}: f32[${own}]`);
  const whole = ["x"]; // values of x's dims
  const any = ["x", ...dims.slice(1).map((_, i) => `c${i + 1}`)];
  const count = 5 + Math.floor(random() * 9);
  for (let i = 0; i < count; i++) {
    const name = `n${i}`;
    const kind = random();
    if (kind < 0.4) lines.push(`${name} = ${pick(unary).replace("#", pick(whole))}`);
    else if (kind < 0.8)
      lines.push(`${name} = ${pick(binary).replace("#", pick(whole)).replace("#", pick(any))}`);
    else {
      // Reduced or cut, and broadcast back onto a whole value.
      const call = pick(shaped).replace("#", pick(whole));
      if (call.startsWith("Slice")) {
        lines.push(`${name}a = ${call}`, `${name}b = ReduceSum(${name}a, i64[2])`);
        lines.push(`${name} = Add(${name}b, ${pick(whole)})`);
      } else lines.push(`${name}a = ${call}`, `${name} = Add(${name}a, ${pick(whole)})`);
    }
    whole.push(name);
    any.push(name);
  }
  const last = whole.slice(-3);
  lines.push(
    `z = Concat(${last.join(", ")}) { axis: 1 }`,
    "y = ReduceMean(z, i64[2]) { keepdims: 0 }",
  );
  return lines.join("\n");
}

describe("random graphs match finite differences", () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))("seed %i", (seed) =>
    expectGradient({ graph: randomGraph(seed), of: "y", to: "x", tolerance: 5e-3 }),
  );
});
