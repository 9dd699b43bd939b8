import { describe, expect, it } from "vitest";
import { swept } from "../../../test/support/swept.ts";

/** Two values that are neither the picture nor known to be positive. */
const pair = `
  p: f32[N, 2, 1, 2]
  const first = f32[[[[1]], [[0]]]]
  const second = f32[[[[0]], [[1]]]]
  a = Conv(p, first)
  b = Conv(p, second)
`;
const picture = [1, -2, 3, 5]; // a = (1, −2), b = (3, 5)

function expectClose(given: ArrayLike<number>, expected: readonly number[], digits = 5) {
  expect(given.length).toBe(expected.length);
  expected.forEach((value, i) => expect(given[i]).toBeCloseTo(value, digits));
}

describe("rules beyond the published ones", () => {
  it("Add splits by positive parts", async () => {
    const graph = `${pair}\n  y = Add(a, b)`;
    const [toA, toB] = await Promise.all(
      ["a", "b"].map((to) => swept({ graph, from: "y", to, picture, components: [8, 8] })),
    );
    expectClose(toA?.relevance ?? [], [2, 0]); // 8·1/(1 + 3), nothing for −2
    expectClose(toB?.relevance ?? [], [6, 8]);
    expect(toA?.extended).toEqual(["Add"]);
  });

  it("Sub splits by what raises the result", async () => {
    const graph = `${pair}\n  y = Sub(b, a)`;
    const { relevance } = await swept({ graph, from: "y", to: "a", picture, components: [7, 7] });
    expectClose(relevance, [0, 2]); // 3 − 1: all to b; 5 + 2: 7·2/7
  });

  it("a bias and a scale take nothing", async () => {
    const graph = `${pair}\n  y = Add(a, f32(4))\n  z = Mul(y, f32(-3))\n  q = Div(z, f32(2))`;
    const steps = await swept({ graph, from: "q", to: "a", picture, components: [3, -4] });
    expectClose(steps.relevance, [3, -4]);
    expect(steps.extended).toEqual([]);
  });

  it("Concat is cut, Pad is cropped, Slice and Split are put back", async () => {
    const joined = `${pair}\n  y = Concat(a, b) { axis: 1 }`;
    const whole = { from: "y", picture, components: [1, 2, 3, 4] };
    expectClose((await swept({ graph: joined, to: "b", ...whole })).relevance, [3, 4]);
    const padded = `${pair}\n  y = Pad(a, i64[0, 0, 0, 1, 0, 0, 0, 1])`;
    expectClose((await swept({ graph: padded, to: "a", ...whole })).relevance, [2, 3]);
    const cut = `${pair}\n  y = Slice(a, i64[1], i64[2], i64[3])`;
    expectClose(
      (await swept({ graph: cut, from: "y", to: "a", picture, components: [9] })).relevance,
      [0, 9],
    );
    const parted = `${pair}\n  y, z = Split(a) { axis: 3, num_outputs: 2 }`;
    expectClose(
      (await swept({ graph: parted, from: "z", to: "a", picture, components: [9] })).relevance,
      [0, 9],
    );
  });

  it.each([
    ["SiLU", "g = Sigmoid(a)\n  y = Mul(a, g)"],
    [
      "HardSwish in parts",
      "s = Add(a, f32(3))\n  c = Clip(s, f32(0), f32(6))\n  g = Div(c, f32(6))\n  y = Mul(g, a)",
    ],
    [
      "GELU in parts",
      "s = Div(a, f32(1.414))\n  e = Erf(s)\n  o = Add(e, f32(1))\n  h = Mul(a, o)\n  y = Mul(h, f32(0.5))",
    ],
    ["squeeze and excite", "m = GlobalAveragePool(a)\n  g = Sigmoid(m)\n  y = Mul(a, g)"],
  ])("%s is a gate: all to what it gates", async (_, nodes) => {
    const { relevance } = await swept({
      graph: `${pair}\n  ${nodes}`,
      from: "y",
      to: "a",
      picture,
      components: [3, -4],
    });
    expectClose(relevance, [3, -4]);
  });

  it("sums over the branches of a residual block", async () => {
    // y = a⁺ + relu(2a): of a = 1 both branches give back their whole share
    const graph = `${pair}
      const two = f32[[[[2]]]]
      r = Relu(a)
      c = Conv(r, two)
      d = Relu(c)
      y = Add(r, d)`;
    const { relevance } = await swept({ graph, from: "y", to: "r", picture, components: [6, 5] });
    expectClose(relevance, [6, 0]); // 6·1/3 + 6·2/3; nothing where both are 0
  });

  it("uses the lower half where negative values come through", async () => {
    const graph = `${pair}
      const w = f32[[[[-1]], [[1]]]]
      j = Concat(a, b) { axis: 1 }
      s = LeakyRelu(j) { alpha: 0.5 }
      y = Conv(s, w)`;
    // second place: s = (−1, 5), W = (−1, 1): 1 of 6 and 5 of 6
    const { relevance } = await swept({ graph, from: "y", to: "s", picture, components: [0, 6] });
    expectClose(relevance, [0, 1, 0, 5]);
  });

  it("averages in proportion to what was averaged, borders included", async () => {
    const graph = `${pair}
      r = Relu(b)
      y = AveragePool(r) { kernel_shape: [1, 2], strides: [1, 2], pads: [0, 1, 0, 1], ceil_mode: 1 }`;
    const { relevance } = await swept({ graph, from: "y", to: "r", picture, components: [1, 2] });
    expectClose(relevance, [1, 2]); // each of the two windows sees one place of its own
    const all = `${pair}\n  r = Relu(b)\n  y = GlobalAveragePool(r)`;
    const whole = await swept({ graph: all, from: "y", to: "r", picture, components: [8] });
    expectClose(whole.relevance, [3, 5]);
  });
});

describe("refusals", () => {
  it.each([
    [
      "MatMul",
      "t = Transpose(b) { perm: [0, 1, 3, 2] }\n  y = MatMul(t, a)",
      /both depend on the picture/,
    ],
    ["LayerNormalization", "y = LayerNormalization(a, f32[1, 1])", null],
    ["Resize", "y = Resize(a, _, f32[1, 1, 1, 2])", null],
    ["Mul", "y = Mul(a, b)", /gate/],
    ["Div", "e = Exp(b)\n  y = Div(a, e)", /depends on the picture/],
  ])("%s is refused by name", async (op, nodes, why) => {
    const refused = swept({ graph: `${pair}\n  ${nodes}`, from: "y", to: "a", picture });
    await expect(refused).rejects.toMatchObject({
      code: "relevance/no-rule",
      details: why ? { op, why: expect.stringMatching(why) as string } : { op },
    });
  });

  it("a target that nothing reaches is refused", async () => {
    await expect(swept({ graph: pair, from: "a", to: "b", picture })).rejects.toMatchObject({
      code: "relevance/no-path",
    });
  });
});
