import { describe, expect, it } from "vitest";
import { expectPass } from "../../../test/support/expect-pass.ts";
import { parseGraph, printGraph } from "../onnx/text.ts";
import { defuse } from "./defuse.ts";

describe("defuse", () => {
  it("QLinearConv becomes dequantise, Conv, quantise; the bias is scaled by both scales", () =>
    expectPass(
      defuse,
      `x: u8[N, 1, 3, 3]
       const w = u8[[[[130]]], [[[120]]]]
       const b = i32[40, -40]
       q = QLinearConv(x, f32(0.5), u8(128), w, f32(0.25), u8(128), f32(0.5), u8(100), b)
       y = DequantizeLinear(q, f32(0.5), u8(100))
       return y`,
      `x: u8[N, 1, 3, 3]
       const w = u8[[[[130]]], [[[120]]]]
       const b = i32[40, -40]
       xf = DequantizeLinear(x, f32(0.5), u8(128))
       wf = DequantizeLinear(w, f32(0.25), u8(128))
       bf = DequantizeLinear(b, f32(0.125))
       c = Conv(xf, wf, bf)
       q = QuantizeLinear(c, f32(0.5), u8(100))
       y = DequantizeLinear(q, f32(0.5), u8(100))
       return y`,
    ));

  it("a value read twice is dequantised once, so that a tap there is on both ways", () =>
    expectPass(
      defuse,
      `x: u8[N, 2]
       a = com.microsoft.QLinearSigmoid(x, f32(0.1), u8(128), f32(0.01), u8(0))
       b = com.microsoft.QLinearAdd(a, f32(0.01), u8(0), a, f32(0.01), u8(0), f32(0.02), u8(0))
       y = DequantizeLinear(b, f32(0.02), u8(0))
       return y`,
      `x: u8[N, 2]
       xf = DequantizeLinear(x, f32(0.1), u8(128))
       s = Sigmoid(xf)
       a = QuantizeLinear(s, f32(0.01), u8(0))
       af = DequantizeLinear(a, f32(0.01), u8(0))
       t = Add(af, af)
       b = QuantizeLinear(t, f32(0.02), u8(0))
       y = DequantizeLinear(b, f32(0.02), u8(0))
       return y`,
    ));

  it.each([
    ["Relu", "", "Relu(s)"],
    ["LeakyRelu", ", activation_params: [0.25]", "LeakyRelu(s) { alpha: 0.25 }"],
    ["Clip", ", activation_params: [0.0, 0.5]", "Clip(s, f32(0), f32(0.5))"],
    [
      "HardSigmoid",
      ", activation_params: [0.25, 0.5]",
      "HardSigmoid(s) { alpha: 0.25, beta: 0.5 }",
    ],
  ])("FusedConv with %s becomes Conv, Add and the activation", (kind, parameters, activation) =>
    expectPass(
      defuse,
      `x: f32[N, 2, 3, 3], z: f32[N, 2, 3, 3]
       const w: f32[2, 2, 1, 1]
       const b: f32[2]
       y = com.microsoft.FusedConv(x, w, b, z) { activation: "${kind}"${parameters} }
       return y`,
      `x: f32[N, 2, 3, 3], z: f32[N, 2, 3, 3]
       const w: f32[2, 2, 1, 1]
       const b: f32[2]
       c = Conv(x, w, b)
       s = Add(c, z)
       y = ${activation}
       return y`,
    ),
  );

  it("FusedGemm and FusedMatMul", () =>
    expectPass(
      defuse,
      `x: f32[N, 3]
       const w: f32[4, 3]
       const b: f32[4]
       const v: f32[2, 4]
       h = com.microsoft.FusedGemm(x, w, b) { transB: 1, activation: "Relu" }
       y = com.microsoft.FusedMatMul(h, v) { transB: 1, alpha: 0.5 }
       return y`,
      `x: f32[N, 3]
       const w: f32[4, 3]
       const b: f32[4]
       const v: f32[2, 4]
       g = Gemm(x, w, b) { transB: 1 }
       h = Relu(g)
       t = Transpose(v) { perm: [1, 0] }
       m = MatMul(h, t)
       y = Mul(m, f32(0.5))
       return y`,
    ));

  it.each(["BiasGelu(x, b)", "Gelu(x)", "FastGelu(x, b)", "FastGelu(x)", "QuickGelu(x)"])(
    "%s keeps its numbers in plain operators",
    async (call) => {
      const graph = `x: f32[N, 3]\nconst b: f32[3]\ny = com.microsoft.${call}\nreturn y`;
      const plain = printGraph(defuse(parseGraph(graph)));
      expect(plain).not.toContain("com.microsoft");
      await expectPass(defuse, graph, plain, { tolerance: 2e-6 });
    },
  );

  it.each([
    "s, _, _, z = com.microsoft.SkipLayerNormalization(x, k, g, b, c)\nreturn s, z",
    "s = com.microsoft.SkipLayerNormalization(x, k, g)\nreturn s",
    "s, _, _, z = com.microsoft.SkipSimplifiedLayerNormalization(x, k, g, b)\nreturn s, z",
  ])("%s keeps its numbers, the sum too", async (call) => {
    const graph =
      "x: f32[N, 5, 4], k: f32[N, 5, 4]\nconst g: f32[4]\nconst b: f32[4]\nconst c: f32[4]\n" +
      call;
    const plain = printGraph(defuse(parseGraph(graph)));
    expect(plain).not.toContain("com.microsoft");
    await expectPass(defuse, graph, plain, { tolerance: 5e-6 });
  });

  it.each([
    [
      "com.microsoft.Attention",
      "const w: f32[8, 24]\nconst b: f32[24]\ny = com.microsoft.Attention(x, w, b) { num_heads: 2 }",
    ],
    [
      "com.microsoft.MultiHeadAttention",
      "const b: f32[24]\ny = com.microsoft.MultiHeadAttention(x, x, x, b) { num_heads: 4, scale: 0.3 }",
    ],
  ])("%s is projections, products and a softmax", async (_, body) => {
    const graph = `x: f32[N, 5, 8]\n${body}\nreturn y`;
    const plain = printGraph(defuse(parseGraph(graph)));
    expect(plain).not.toContain("com.microsoft");
    await expectPass(defuse, graph, plain, { tolerance: 5e-6 });
  });

  it("opset 23's Attention, three-dimensional and capped", async () => {
    const graph = `opset 23
      x: f32[N, 5, 8]
      y = Attention(x, x, x) { q_num_heads: 2, kv_num_heads: 2, softcap: 2.0 }
      return y`;
    const plain = printGraph(defuse(parseGraph(graph)));
    expect(plain).not.toContain("Attention");
    await expectPass(defuse, graph, plain, { tolerance: 5e-6 });
  });

  it("leaves attention with a length mask: gradients will name it", () => {
    const graph = parseGraph(
      `x: f32[N, 5, 8], m: i32[N]
       const w: f32[8, 24]
       const b: f32[24]
       y = com.microsoft.Attention(x, w, b, m) { num_heads: 2 }
       return y`,
    );
    expect(defuse(graph).nodes).toEqual(graph.nodes);
  });
});
