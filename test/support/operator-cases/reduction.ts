import type { OperatorCase } from "./operator-case.ts";

const smooth =
  "ReduceSum ReduceMean ReduceSumSquare ReduceL2 ReduceLogSumExp ReduceProd ReduceLogSum";
const kinked = "ReduceMax ReduceMin ReduceL1";
const ways = [
  ["over one axis, kept", "i64[2]", "keepdims: 1"],
  ["over one axis, dropped", "i64[-1]", "keepdims: 0"],
  ["over several axes", "i64[1, 3]", "keepdims: 0"],
] as const;

const each = (operators: string, more: (op: string) => Partial<OperatorCase>): OperatorCase[] =>
  operators.split(" ").flatMap((op) =>
    ways.map(([name, axes, attributes]) => ({
      name: `${op} ${name}`,
      graph: `x: f32[N, 3, 2, 4]\ny = ${op}(x, ${axes}) { ${attributes} }`,
      to: "x",
      ...more(op),
    })),
  );

/** Sums, means, norms, products and extremes over axes, stated or not. */
export const reductionCases: readonly OperatorCase[] = [
  ...each(smooth, (op) => ({ within: op === "ReduceLogSum" ? [0.5, 2] : [-1, 1] })),
  ...each(kinked, () => ({ inputs: "grid" })),
  ...["ReduceSum", "ReduceMean", "ReduceL2"].map((op) => ({
    name: `${op} over all axes when none is stated`,
    graph: `x: f32[3, 2, 4]\ny = ${op}(x)`,
    to: "x",
  })),
  {
    name: "ReduceSum over none when told so",
    graph: "x: f32[3, 4]\ny = ReduceSum(x) { noop_with_empty_axes: 1 }",
    to: "x",
  },
  {
    name: "ReduceProd where one factor, and where two, are 0",
    graph: "x: f32[3, 3]\ny = ReduceProd(x, i64[1]) { keepdims: 0 }",
    to: "x",
    feeds: { x: [2, 0, 3, 0, 4, 0, 1, -2, 0.5] },
  },
];
