import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("operators that only arrange, on TensorFlow.js", () => {
  it.each([
    ["x: f32[2, 3]", "Identity(x)"],
    ["x: f32[2, 3]", "Dropout(x, f32(0.4))"],
    ["x: f32[N, 3, 4]", "Reshape(x, i64[-1, 12])"],
    ["x: f32[N, 3, 4]", "Reshape(x, i64[0, 2, -1])"],
    ["x: f32[N, 3, 4, 2]", "Flatten(x) { axis: 2 }"],
    ["x: f32[N, 3, 4, 2]", "Flatten(x) { axis: -1 }"],
    ["x: f32[N, 3, 1, 4, 1]", "Squeeze(x, i64[2, -1])"],
    ["x: f32[N, 3, 1, 4, 1]", "Squeeze(x)"],
    ["x: f32[N, 3, 4]", "Unsqueeze(x, i64[1, -1])"],
    ["x: f32[3, 1]", "Expand(x, i64[2, 3, 4])"],
    ["x: f32[2, 3]", "Expand(x, i64[3])"],
    ["x: f32[N, 2, 3]", "Tile(x, i64[1, 3, 2])"],
    ["x: f32[N, 3]", "Tile(x, i64[3, 2])"],
    ["x: f32[N, 3, 4, 2]", "Transpose(x) { perm: [0, 2, 3, 1] }"],
    ["x: f32[2, 3, 4]", "Transpose(x)"],
    ["x: f32[N, 8, 2, 3]", "DepthToSpace(x) { blocksize: 2 }"],
    ["x: f32[N, 8, 2, 3]", 'DepthToSpace(x) { blocksize: 2, mode: "CRD" }'],
    ["x: f32[N, 2, 4, 6]", "SpaceToDepth(x) { blocksize: 2 }"],
    ["x: f32[N, 3, 4]", "CumSum(x, i64(1))"],
    ["x: f32[3, 4]", "CumSum(x, i64(-1)) { exclusive: 1 }"],
    ["x: f32[3, 4]", "CumSum(x, i64(0)) { reverse: 1 }"],
    ["x: f32[N, 3, 4]", "Trilu(x)"],
    ["x: f32[2, 4, 3]", "Trilu(x, i64(-1)) { upper: 0 }"],
  ])("%s: %s", (input, call) => expectWitness({ graph: `${input}\ny = ${call}`, to: "x" }));

  it("Transposes one after the other, around a convolution", () =>
    expectWitness({
      graph: `
        x: f32[N, 4, 5, 3]
        const w: f32[6, 3, 1, 1]
        a = Transpose(x) { perm: [0, 3, 1, 2] }
        c = Conv(a, w)
        d = Transpose(c) { perm: [0, 2, 1, 3] }
        y = Transpose(d) { perm: [3, 0, 2, 1] }`,
      to: "x",
    }));

  it("Cast to numbers without a slope and back", () =>
    expectWitness({
      graph: `
        x: f32[2, 3]
        i = Cast(x) { to: 7 }
        b = Cast(i) { to: 9 }
        f = Cast(i) { to: 1 }
        g = Cast(b) { to: 1 }
        s = Add(f, g)
        y = Mul(s, x)`,
      to: "x",
      within: [-3, 3],
    }));
});

describe("arithmetic on shapes, on the host", () => {
  it("follows the batch", () =>
    expectWitness({
      graph: `
        x: f32[N, 6, 4]
        s = Shape(x)
        n = Gather(s, i64[0])
        c = Slice(s, i64[1], i64[3])
        p = ReduceProd(c) { keepdims: 0 }
        h = Div(p, i64(-5))
        m = Neg(h)
        d = Mul(m, i64(2))
        e = Sub(p, d)
        u = Unsqueeze(e, i64[0])
        q = Equal(u, i64[16])
        w = Where(q, i64[8], i64[-1])
        r = Concat(n, w, i64[-1]) { axis: 0 }
        z = Reshape(x, r)
        l = Cast(n) { to: 1 }
        i = Shape(z)
        o = ConstantOfShape(i) { value: f32[0.5] }
        a = Reshape(l, i64[1, 1, 1])
        t = Mul(z, a)
        y = Mul(t, o)`,
      to: "x",
    }));
});
