import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("Gemm on TensorFlow.js", () => {
  const dims = { A: ["3, 4", "4, 3"], B: ["4, 5", "5, 4"] };
  it.each(
    [0, 1].flatMap((tA) =>
      [0, 1].flatMap((tB) => ["a", "b", "c"].map((to) => [tA, tB, to] as const)),
    ),
  )("transA %i, transB %i, to %s", (tA, tB, to) =>
    expectWitness({
      graph: `a: f32[${dims.A[tA]}], b: f32[${dims.B[tB]}], c: f32[1, 5]
              y = Gemm(a, b, c) { alpha: 0.5, beta: 1.5, transA: ${tA}, transB: ${tB} }`,
      to,
    }),
  );

  it("without C", () =>
    expectWitness({ graph: "a: f32[N, 4], b: f32[4, 3]\ny = Gemm(a, b)", to: "a" }));
});

describe("MatMul on TensorFlow.js", () => {
  it.each([
    ["a matrix by a matrix", "a: f32[3, 4], b: f32[4, 5]"],
    ["a stack by a matrix", "a: f32[2, 3, 4], b: f32[4, 5]"],
    ["a matrix by a stack", "a: f32[3, 4], b: f32[2, 4, 5]"],
    ["stacks that broadcast", "a: f32[2, 1, 3, 4], b: f32[5, 4, 2]"],
    ["heads of a batch", "a: f32[2, 2, 3, 4], b: f32[2, 2, 4, 3]"],
    ["a row by a matrix", "a: f32[4], b: f32[4, 5]"],
    ["a stack by a column", "a: f32[2, 3, 4], b: f32[4]"],
    ["a row by a column", "a: f32[4], b: f32[4]"],
    ["a row by a stack", "a: f32[4], b: f32[2, 4, 3]"],
  ])("%s", async (_, inputs) => {
    await expectWitness({ graph: `${inputs}\ny = MatMul(a, b)`, to: "a" });
    await expectWitness({ graph: `${inputs}\ny = MatMul(a, b)`, to: "b" });
  });
});

describe("Einsum on TensorFlow.js", () => {
  it.each([
    ["a product", "ij,jk->ik", "a: f32[3, 4], b: f32[4, 2]", "a"],
    ["a product, right", "ij,jk->ki", "a: f32[3, 4], b: f32[4, 2]", "b"],
    ["an implicit result", "bij, bjk", "a: f32[2, 3, 4], b: f32[2, 4, 2]", "b"],
    ["attention scores", "bhid,bhjd->bhij", "a: f32[N, 2, 3, 4], b: f32[N, 2, 5, 4]", "a"],
    ["labels summed alone", "ijk,kl->il", "a: f32[3, 4, 2], b: f32[2, 3]", "a"],
    ["no label in common", "ij,kl->lijk", "a: f32[3, 4], b: f32[2, 3]", "a"],
    ["a sum of one operand", "ij->i", "a: f32[3, 4], b: f32[1]", "a"],
  ])("%s", (_, equation, inputs, to) => {
    const reads = equation.includes(",") ? "a, b" : "a";
    const graph = `${inputs}\ny = Einsum(${reads}) { equation: "${equation}" }`;
    return expectWitness({ graph, to });
  });

  it.each([
    ["...ij,jk->...ik", "ellipsis"],
    ["ii,ik->ik", "diagonal"],
  ])("refuses %s by name", async (equation, why) => {
    const graph = `a: f32[4, 4], b: f32[4, 2]\ny = Einsum(a, b) { equation: "${equation}" }`;
    const refused = expectWitness({ graph });
    await expect(refused).rejects.toMatchObject({ code: "tensorflow/no-kernel" });
    await expect(refused).rejects.toThrow(why);
  });
});
