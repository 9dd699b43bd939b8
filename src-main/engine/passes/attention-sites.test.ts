import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { probeShapes } from "../../../test/support/probe-shapes.ts";
import { floatConstant } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { openModel } from "../session/open-model.ts";
import { findAttentionSites } from "./attention-sites.ts";
import { pathTo } from "./taps.ts";

describe.skipIf(!fixturesFolder)("attention of models", () => {
  const wholeModels: [file: string, blocks: number, prefix: number, read: string][] = [
    ["mini_vit", 6, 1, "0"],
    ["mini_vit_gap", 4, 0, "all"],
    ["mini_deit_distilled", 4, 2, "0,1"],
  ];

  it.each(wholeModels)("is whole in %s: %i blocks, %i prefix tokens", async (...row) => {
    const [file, blocks, prefixTokens, read] = row;
    const attention = await attentionOf(file);
    if (attention?.scope !== "whole") throw new Error("not whole");
    const { sites, tokens, headTokens } = attention;
    expect(sites).toHaveLength(blocks);
    expect(attention).toMatchObject({ prefixTokens, tokens: 64 + prefixTokens, grid: [8, 8] });
    const all = headTokens.length === tokens ? "all" : headTokens.join();
    expect(all).toBe(read);
    for (const site of sites) {
      expect(site).toMatchObject({ heads: 3, queries: tokens, keys: tokens });
      expect(site.output).not.toBeNull();
    }
    expect(new Set(sites.map(({ output }) => output)).size).toBe(blocks);
  });

  it.each([
    ["mini_swin", 6],
    ["mini_mobilevit", 9],
  ])("is partial in %s, whose %i attentions look within windows or pixels", async (file, count) => {
    const attention = await attentionOf(file);
    expect(attention).toMatchObject({ scope: "partial" });
    if (attention?.scope === "partial") expect(attention.sites).toHaveLength(count);
  });

  it.each(["mini_convnext", "mini_vig"])("is not there in %s", async (file) => {
    expect(await attentionOf(file)).toBeNull();
  });

  async function attentionOf(file: string) {
    const model = await openModel(fixture(`models/mini-cifar10/${file}_cifar10.onnx`));
    const session = await model.open(null);
    await Promise.all([session.close(), model.close()]);
    return session.structure.attention;
  }
});

describe("attention of graphs", () => {
  /** A patch convolution, one block that attends over `q kᵀ`, and a pooled head. */
  const block = (attend: string) => `
    x: f32[N, 2, 4, 4]
    const w: f32[3, 2, 2, 2]
    const g = f32[1, 1, 1]
    const b = f32[0, 0, 0]
    const wq: f32[3, 3]
    const wk: f32[3, 3]
    const wv: f32[3, 3]
    const head: f32[3, 2]
    patches = Conv(x, w) { strides: [2, 2] }
    flat = Reshape(patches, i64[0, 3, 4])
    tokens = Transpose(flat) { perm: [0, 2, 1] }
    normed = LayerNormalization(tokens, g, b)
    q = MatMul(normed, wq)
    k = MatMul(normed, wk)
    v = MatMul(normed, wv)
    ${attend}
    out = Add(tokens, mixed)
    pooled = ReduceMean(out, i64[1]) { keepdims: 0 }
    y = MatMul(pooled, head)
    return y`;

  const find = async (attend: string) => {
    const graph = parseGraph(block(attend));
    const shapes = await probeShapes(graph, (batch) => {
      const values = Float32Array.from({ length: batch * 32 }, (_, i) => Math.sin(i));
      return new Map([["x", floatConstant(values, [batch, 2, 4, 4])]]);
    });
    return findAttentionSites(graph, shapes, pathTo(graph, shapes, "x", "y"));
  };

  it("is found where one head has no axis of its own", async () => {
    const attention = await find(`
    turned = Transpose(k) { perm: [0, 2, 1] }
    scores = MatMul(q, turned)
    shares = Softmax(scores) { axis: -1 }
    mixed = MatMul(shares, v)`);
    expect(attention).toEqual({
      scope: "whole",
      sites: [{ probabilities: "shares", heads: 1, queries: 4, keys: 4, output: "out" }],
      tokens: 4,
      prefixTokens: 0,
      grid: [2, 2],
      headTokens: [0, 1, 2, 3],
    });
  });

  it("is partial where the keys are fewer than the queries", async () => {
    const attention = await find(`
    fewer = Slice(k, i64[0], i64[2], i64[1])
    values = Slice(v, i64[0], i64[2], i64[1])
    turned = Transpose(fewer) { perm: [0, 2, 1] }
    scores = MatMul(q, turned)
    shares = Softmax(scores) { axis: -1 }
    mixed = MatMul(shares, values)`);
    expect(attention).toMatchObject({ scope: "partial", sites: [{ queries: 4, keys: 2 }] });
  });

  it("is hidden inside an operator that was left whole", async () => {
    const attention = await find(`
    mixed = com.microsoft.MultiHeadAttention(q, k, v) { num_heads: 1 }`);
    expect(attention).toEqual({ scope: "hidden", operator: "MultiHeadAttention" });
  });
});
