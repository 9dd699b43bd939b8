import { describe, expect, it } from "vitest";
import { numbersOf } from "./constant.ts";
import { parseGraph, printGraph } from "./text.ts";

const example = `x: f32[N, 4, 11, 10]
const w: f32[8, 4, 3, 3]
y = Conv(x, w, _) { pads: [1, 0, 2, 1], strides: [2, 2] }
p, i = MaxPool(y) { kernel_shape: [2, 2] }
s = ReduceSum(p, i64[2, 3]) { keepdims: 0 }
m = Mul(s, f32(0.5))
"a/b.0" = com.microsoft.Gelu(m)
c = Clip("a/b.0", f32(-inf), f32(6))
e = Elu(c) { alpha: 1.0 }
return e: f32[N, 8], i: i64
`;

describe("the text form", () => {
  it("reads what it prints", () => {
    expect(printGraph(parseGraph(example))).toBe(example);
  });

  it("keeps absent inputs, domains, floats that are whole, and outputs without dims", () => {
    const graph = parseGraph(example);
    expect(graph.nodes[0]?.inputs).toEqual(["x", "w", ""]);
    expect(graph.nodes[4]).toMatchObject({ domain: "com.microsoft", op: "Gelu" });
    expect(graph.nodes[6]?.attributes).toEqual({ alpha: { kind: "float", value: 1 } });
    expect(graph.outputs[1]).toEqual({ name: "i", type: "i64", dims: null });
  });

  it("reads nested constants row by row and scalars without dims", () => {
    const { constants } = parseGraph(`const k = i64[[1, 2, 3], [4, 5, 6]]\nconst s = bool(true)`);
    const k = constants.get("k");
    expect(k?.dims).toEqual([2, 3]);
    expect(k && numbersOf(k)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(constants.get("s")).toMatchObject({ type: "bool", dims: [] });
  });

  it("marks a constant whose values no longer follow from its name", () => {
    const graph = parseGraph("const w: f32[3, 4]");
    const w = graph.constants.get("w");
    if (!w) throw new Error("w was declared");
    const bytes = w.bytes.slice();
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(printGraph(graph)).toBe("const w: f32[3, 4]\n");
    const changed = { ...graph, constants: new Map([["w", { ...w, bytes }]]) };
    expect(printGraph(changed)).toMatch(/^const w: f32\[3, 4\] = #[0-9a-f]{8}\n$/);
  });

  it("takes a statement over several lines, and names the line it cannot read", () => {
    expect(parseGraph("x: f32[2]\ny = Add(\n  x,\n  x\n)").nodes[0]?.inputs).toEqual(["x", "x"]);
    expect(() => parseGraph("x: f32[2]\ny = Add(x ?")).toThrow('line 2: cannot read "?"');
    expect(() => parseGraph("x: f32[2]\ny Add(x)")).toThrow('line 2: expected "=", found Add');
  });
});
