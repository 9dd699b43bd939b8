import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("Gemm matches finite differences", () => {
  const dims = { A: ["3, 4", "4, 3"], B: ["4, 5", "5, 4"] };
  it.each(
    [0, 1].flatMap((tA) =>
      [0, 1].flatMap((tB) => ["a", "b", "c"].map((to) => [tA, tB, to] as const)),
    ),
  )("transA %i, transB %i, to %s", (tA, tB, to) =>
    expectGradient({
      graph: `a: f32[${dims.A[tA]}], b: f32[${dims.B[tB]}], c: f32[1, 5]
              y = Gemm(a, b, c) { alpha: 0.5, beta: 1.5, transA: ${tA}, transB: ${tB} }`,
      of: "y",
      to,
    }),
  );

  it("over the batch, with a scalar C left as it is", () =>
    expectGradient({
      graph: "a: f32[N, 4], b: f32[4, 3], c: f32[3]\ny = Gemm(a, b, c)",
      of: "y",
      to: "a",
    }));
});

describe("MatMul matches finite differences", () => {
  it.each([
    ["a matrix by a matrix, left", "a: f32[3, 4], b: f32[4, 5]", "a"],
    ["a matrix by a matrix, right", "a: f32[3, 4], b: f32[4, 5]", "b"],
    ["a stack by a matrix, left", "a: f32[N, 3, 4], b: f32[4, 5]", "a"],
    ["a stack by a matrix, right", "a: f32[2, 3, 4], b: f32[4, 5]", "b"],
    ["a matrix by a stack", "a: f32[3, 4], b: f32[N, 4, 5]", "b"],
    ["stacks that broadcast, left", "a: f32[2, 1, 3, 4], b: f32[5, 4, 2]", "a"],
    ["stacks that broadcast, right", "a: f32[2, 3, 3, 4], b: f32[3, 4, 2]", "b"],
    ["heads of a batch", "a: f32[N, 2, 3, 4], b: f32[N, 2, 4, 3]", "b"],
    ["a row by a matrix, left", "a: f32[4], b: f32[4, 5]", "a"],
    ["a row by a matrix, right", "a: f32[4], b: f32[4, 5]", "b"],
    ["a stack by a column, left", "a: f32[2, 3, 4], b: f32[4]", "a"],
    ["a stack by a column, right", "a: f32[2, 3, 4], b: f32[4]", "b"],
    ["a row by a column", "a: f32[4], b: f32[4]", "a"],
    ["a row by a stack", "a: f32[4], b: f32[2, 4, 3]", "a"],
  ])("%s", (_, inputs, to) =>
    expectGradient({ graph: `${inputs}\ny = MatMul(a, b)`, of: "y", to }),
  );
});

describe("Einsum matches finite differences", () => {
  it.each([
    ["a product", "ij,jk->ik", "a: f32[3, 4], b: f32[4, 2]", "a"],
    ["a product, right", "ij,jk->ik", "a: f32[3, 4], b: f32[4, 2]", "b"],
    ["an implicit result", "bij, bjk", "a: f32[2, 3, 4], b: f32[2, 4, 2]", "b"],
    ["attention scores", "bhid,bhjd->bhij", "a: f32[N, 2, 3, 4], b: f32[N, 2, 5, 4]", "a"],
    ["labels summed alone", "ijk,kl->il", "a: f32[3, 4, 2], b: f32[2, 3]", "a"],
    ["a sum of one operand", "ij->i", "a: f32[3, 4], b: f32[1]", "a"],
  ])("%s", (_, equation, inputs, to) => {
    const reads = equation.includes(",") ? "a, b" : "a";
    const graph = `${inputs}\ny = Einsum(${reads}) { equation: "${equation}" }`;
    return expectGradient({ graph, of: "y", to });
  });

  it.each([
    ["...ij,jk->...ik", "ellipsis", "3, 4"],
    ["ii,ik->ik", "diagonal", "4, 4"],
  ])("refuses %s", async (equation, why, dims) => {
    const graph = `a: f32[${dims}], b: f32[4, 2]\ny = Einsum(a, b) { equation: "${equation}" }`;
    const refused = expectGradient({ graph, of: "y", to: "a" });
    await expect(refused).rejects.toMatchObject({ code: "gradient/no-rule" });
    await expect(refused).rejects.toThrow(why);
  });
});
