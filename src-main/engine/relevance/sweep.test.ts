import { describe, expect, it } from "vitest";
import { createRandom } from "../../../test/support/seeded.ts";
import { swept } from "../../../test/support/swept.ts";

function expectClose(given: ArrayLike<number>, expected: readonly number[], digits = 6) {
  expect(given.length).toBe(expected.length);
  expected.forEach((value, i) => expect(given[i]).toBeCloseTo(value, digits));
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

function numbers(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** An inner layer of one position and two channels: `x` is a copy of the picture, but no longer the picture. */
const inner = (w: readonly number[]) => `
  p: f32[N, 2, 1, 1]
  const eye = f32[[[[1]], [[0]]], [[[0]], [[1]]]]
  const w = f32[[[[${w[0]}]], [[${w[1]}]]]]
  x = Conv(p, eye)
  y = Conv(x, w)
`;

describe("z⁺, by hand", () => {
  it.each([
    { x: [1, 3], w: [2, -5], component: 0.8, expected: [0.8, 0] },
    { x: [1, 3], w: [2, 1], component: 1, expected: [0.4, 0.6] },
    { x: [-1, 3], w: [-2, 1], component: 1, expected: [0.4, 0.6] },
    { x: [1, 3], w: [-2, -1], component: 1, expected: [0, 0] },
  ])("x = $x, W = $w, I = $component → $expected", async ({ x, w, component, expected }) => {
    const { relevance } = await swept({
      graph: inner(w),
      from: "y",
      to: "x",
      picture: x,
      components: [component],
    });
    expectClose(relevance, expected);
  });

  it("is the same for a product with a matrix", async () => {
    const { relevance, extended } = await swept({
      graph: `
        p: f32[N, 2]
        const eye = f32[[1, 0], [0, 1]]
        const w = f32[[-2], [1]]
        x = MatMul(p, eye)
        y = MatMul(x, w)
      `,
      from: "y",
      to: "x",
      picture: [-1, 3],
    });
    expectClose(relevance, [0.4, 0.6]);
    expect(extended).toEqual(["MatMul"]);
  });
});

describe("zβ, by hand", () => {
  // l = −1 and u = 2 come from a second place that a kernel of one place does not read with the first.
  const onPicture = (w: readonly number[]) => `
    p: f32[N, 2, 1, 2]
    const w = f32[[[[${w[0]}]], [[${w[1]}]]]]
    y = Conv(p, w)
  `;
  it.each([
    { x: [0, 1], w: [1, -1], expected: [0.5, 0.5] },
    { x: [-1, 2], w: [3, 1], expected: [0, 1] },
  ])("x = $x, W = $w → $expected", async ({ x, w, expected }) => {
    const [a = 0, b = 0] = x;
    const { relevance } = await swept({
      graph: onPicture(w),
      from: "y",
      to: "p",
      picture: [a, -1, b, 2],
      components: [1, 0],
    });
    expectClose([relevance[0] ?? NaN, relevance[2] ?? NaN], expected);
    expectClose([relevance[1] ?? NaN, relevance[3] ?? NaN], [0, 0]);
  });

  it("is for the picture and not for three channels", async () => {
    const graph = `
      p: f32[N, 1, 1, 2]
      const w = f32[[[[1]]], [[[2]]], [[[-1]]]]
      const v = f32[[[[1]], [[1]], [[1]]]]
      x = Conv(p, w)
      y = Conv(x, v)
    `;
    // x = (0.5, 1, −0.5): by z⁺ the last has no share, since X⁻ W⁻ has no W⁻ here
    const picture = [0.5, 0.25];
    const inside = await swept({ graph, from: "y", to: "x", picture, components: [1, 0] });
    expectClose(
      [0, 2, 4].map((i) => inside.relevance[i] ?? NaN),
      [1 / 3, 2 / 3, 0],
    );
    // zβ: only W⁻ finds a share at the darkest place, only W⁺ at the brightest; z⁺ would give (2, 2)
    const outside = await swept({ graph, from: "x", to: "p", picture });
    expectClose(outside.relevance, [2, 1]);
  });

  it("reads the bounds off each picture alone", async () => {
    const graph = onPicture([1, -1]);
    const [one, two] = [
      [0, -1, 1, 2],
      [0, -4, 1, 9],
    ];
    const each = await Promise.all(
      [one, two].map((picture) => swept({ graph, from: "y", to: "p", picture: picture ?? [] })),
    );
    const both = await swept({
      graph,
      from: "y",
      to: "p",
      picture: [...(one ?? []), ...(two ?? [])],
    });
    expectClose(
      both.relevance,
      each.flatMap(({ relevance }) => [...relevance]),
    );
  });

  it("gives nothing of a picture of one colour, where nothing can be told apart", async () => {
    const { relevance } = await swept({
      graph: `
        p: f32[N, 3, 5, 5]
        const w: f32[4, 3, 3, 3]
        y = Conv(p, w) { pads: [1, 1, 1, 1] }
      `,
      from: "y",
      to: "p",
      picture: new Float32Array(75).fill(0.3),
    });
    expect([...relevance].every((value) => value === 0)).toBe(true);
  });

  it("holds where the graph prepares the picture itself", async () => {
    const plain = `
      p: f32[N, 3, 6, 6]
      const w: f32[4, 3, 3, 3]
      y = Conv(p, w)
    `;
    const prepared = `
      raw: f32[N, 6, 6, 3]
      const w: f32[4, 3, 3, 3]
      const mean = f32[120.0]
      const spread = f32[60.0]
      moved = Transpose(raw) { perm: [0, 3, 1, 2] }
      centred = Sub(moved, mean)
      p = Div(centred, spread)
      y = Conv(p, w)
    `;
    const picture = numbers(108, 3);
    const raw = Float32Array.from({ length: 108 }, (_, i) => {
      const [c, place] = [i % 3, Math.floor(i / 3)];
      return (picture[c * 36 + place] ?? 0) * 60 + 120;
    });
    const direct = await swept({ graph: plain, from: "y", to: "p", picture });
    const whole = await swept({ graph: prepared, from: "y", to: "raw", picture: raw });
    const turned = Array.from(
      { length: 108 },
      (_, i) => whole.relevance[(i % 36) * 3 + Math.floor(i / 36)] ?? NaN,
    );
    expectClose(turned, [...direct.relevance], 4);
    expect(whole.extended).toEqual([]);
  });
});

describe("the mini net of the page", () => {
  const graph = `
    p: f32[N, 2, 1, 4]
    const eye = f32[[[[1]], [[0]]], [[[0]], [[1]]]]
    const w = f32[[[[1]], [[1]]], [[[1]], [[-2]]]]
    x = Conv(p, eye)
    c = Conv(x, w)
    a = Relu(c)
    m = MaxPool(a) { kernel_shape: [1, 2], strides: [1, 2] }
  `;
  const picture = [1, 2, 0, 3, 2, 0, 1, 1];
  const components = [1.5, 2, 2, 1];

  it("has the activations, the unpooled components and the fine map as worked out", async () => {
    const unpooled = await swept({ graph, from: "m", to: "a", picture, components });
    expectClose(unpooled.values.get("a") ?? [], [3, 2, 1, 4, 0, 2, 0, 1]);
    expectClose(unpooled.values.get("m") ?? [], [3, 4, 2, 1]);
    expectClose(unpooled.relevance, [1.5, 0, 0, 2, 0, 2, 0, 1]);

    const fine = await swept({ graph, from: "m", to: "x", picture, components });
    expectClose(fine.relevance, [0.5, 2, 0, 2.5, 1, 0, 0, 0.5]);
    const map = [0, 1, 2, 3].map(
      (i) => (fine.relevance[i] ?? NaN) + (fine.relevance[i + 4] ?? NaN),
    );
    expectClose(map, [1.5, 2, 0, 3]);
    expect(sum(map)).toBeCloseTo(sum(components), 5);
    expect(fine.extended).toEqual([]);
  });

  it("changes nothing where the target is the layer of the components", async () => {
    const { relevance } = await swept({ graph, from: "m", to: "m", picture, components });
    expectClose(relevance, components);
  });

  it("gives a tie to the first of a window, and drops what is not above zero", async () => {
    const pooling = `
      p: f32[N, 1, 1, 4]
      m = MaxPool(p) { kernel_shape: [1, 2], strides: [1, 2] }
    `;
    const tie = await swept({ graph: pooling, from: "m", to: "p", picture: [2, 2, -1, -3] });
    expectClose(tie.relevance, [1, 0, 0, 0]);
  });
});

/** A little of everything that the published rules cover, odd sizes, strides, padding, overlapping windows. */
const published = `
  p: f32[N, 3, 13, 11]
  const w1: f32[6, 3, 3, 3]
  const b1: f32[6]
  const s = f32[0.5, 1.5, 0.9, 1.1, 0.7, 1.2]
  const z: f32[6]
  const m: f32[6]
  const v = f32[1.0, 0.5, 2.0, 1.0, 1.0, 0.3]
  const w2: f32[8, 3, 3, 3]
  const b2: f32[8]
  const w3: f32[5, 8, 3, 3]
  c1 = Conv(p, w1, b1) { pads: [1, 1, 1, 1] }
  n1 = BatchNormalization(c1, s, z, m, v)
  r1 = Relu(n1)
  m1 = MaxPool(r1) { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }
  c2 = Conv(m1, w2, b2) { strides: [2, 2], pads: [1, 1, 1, 1], group: 2 }
  r2 = Relu(c2)
  d = Dropout(r2)
  c3 = Conv(d, w3) { dilations: [2, 2], pads: [2, 2, 2, 2] }
  r3 = Relu(c3)
  a = AveragePool(r3) { kernel_shape: [2, 2], strides: [1, 1] }
`;
const size = 3 * 13 * 11;
const ends = 5 * 3 * 2; // of "a"

describe("invariants of a sweep", () => {
  it("keeps, node by node, what lies on outputs that have a share to give", async () => {
    const picture = numbers(size, 5);
    const path = ["a", "r3", "c3", "d", "r2", "c2", "m1", "r1", "n1", "c1", "p"];
    for (const [i, from] of path.slice(0, -1).entries()) {
      const to = path[i + 1] ?? "";
      const shape = await swept({ graph: published, from, to, picture });
      const values = shape.values.get(from) ?? new Float32Array(0);
      const components = numbers(values.length, i + 20);
      const { relevance } = await swept({ graph: published, from, to, picture, components });
      // Where Y = 0: no positive part reaches that output. Found by sweeping ones, which are never cancelled.
      const passes = await Promise.all(
        Array.from(values, async (_, at) => {
          const one = new Float32Array(values.length);
          one[at] = 1;
          return one;
        }),
      );
      const kept = await swept({
        graph: published,
        from,
        to,
        picture: repeated(picture, passes.length),
        components: passes.flatMap((row) => [...row]),
      });
      const width = kept.relevance.length / passes.length;
      const open = passes.map((_, row) =>
        sum(kept.relevance.subarray(row * width, (row + 1) * width)),
      );
      open.forEach((mass) =>
        expect(Math.min(Math.abs(mass), Math.abs(mass - 1))).toBeLessThan(1e-4),
      );
      const expected = sum(components.map((value, at) => value * Math.round(open[at] ?? 0)));
      expect(sum(relevance)).toBeCloseTo(expected, 3);
    }
  });

  // ⟨convᵀ(I ⊘ Y), X⟩ = ⟨I ⊘ Y, Y⟩ = ΣI for the true transpose alone, where every output has a share
  it.each([
    { kernel: 7, stride: 2, dilation: 1, pad: 3, side: 11 },
    { kernel: 7, stride: 2, dilation: 1, pad: 3, side: 12 },
    { kernel: 3, stride: 2, dilation: 1, pad: 1, side: 11 },
    { kernel: 3, stride: 2, dilation: 1, pad: 1, side: 12 },
    { kernel: 1, stride: 2, dilation: 1, pad: 0, side: 11 },
    { kernel: 1, stride: 2, dilation: 1, pad: 0, side: 12 },
    { kernel: 3, stride: 1, dilation: 2, pad: 2, side: 11 },
  ])("transposes $kernel × $kernel / $stride, dilation $dilation, on $side", async (window) => {
    const { kernel, stride, dilation, pad, side } = window;
    const twice = (value: number) => [value, value];
    const graph = `
      p: f32[N, 2, ${side}, ${side}]
      const w: f32[3, 2, ${kernel}, ${kernel}]
      x = Exp(p)
      v = Abs(w)
      y = Conv(x, v) { strides: [${twice(stride).join()}], dilations: [${twice(dilation).join()}], pads: [${twice(pad).concat(twice(pad)).join()}] }
    `;
    const picture = numbers(2 * side * side, 4);
    const { values } = await swept({ graph, from: "y", to: "x", picture });
    const components = numbers(values.get("y")?.length ?? 0, 2);
    const { relevance } = await swept({ graph, from: "y", to: "x", picture, components });
    expect(sum(relevance)).toBeCloseTo(sum(components), 3);
    expect(sum(relevance.map(Math.abs))).toBeGreaterThan(1);
  });

  it("is linear in the components, and nothing comes of nothing", async () => {
    const picture = numbers(size, 6);
    const of = (components: Float32Array) =>
      swept({ graph: published, from: "a", to: "p", picture, components });
    const [one, two] = [numbers(ends, 1), numbers(ends, 2)];
    const [first, second, mixed, nothing] = await Promise.all(
      [one, two, one.map((x, i) => 2 * x - 3 * (two[i] ?? 0)), new Float32Array(ends)].map(of),
    );
    const expected = first?.relevance.map((x, i) => 2 * x - 3 * (second?.relevance[i] ?? NaN));
    expectClose(mixed?.relevance ?? [], [...(expected ?? [])], 4);
    expect(Math.max(...(first?.relevance ?? []))).toBeGreaterThan(1e-3);
    expect(nothing?.relevance.every((value) => value === 0)).toBe(true);
  });

  it("keeps what is nowhere negative so, down to the picture", async () => {
    const components = numbers(ends, 8).map(Math.abs);
    for (const to of ["r3", "c3", "r2", "c2", "m1", "r1", "c1", "p"]) {
      const { relevance } = await swept({
        graph: published,
        from: "a",
        to,
        picture: numbers(size, 9),
        components,
      });
      expect(Math.min(...relevance)).toBeGreaterThanOrEqual(0);
    }
  });

  it("does not see the scale of a kernel, where the next layer undoes it", async () => {
    const picture = numbers(size, 10);
    // The batch normalisation takes channel 0 back by what the kernel and its bias were multiplied with.
    const scaled = published
      .replace(
        "c1 = Conv(p, w1, b1)",
        "const by = f32[[[[4.0]]], [[[1.0]]], [[[1.0]]], [[[1.0]]], [[[1.0]]], [[[0.25]]]]\n" +
          "const flat = f32[4.0, 1.0, 1.0, 1.0, 1.0, 0.25]\nconst back = f32[[[0.25]], [[1.0]], [[1.0]], [[1.0]], [[1.0]], [[4.0]]]\n" +
          "w1s = Mul(w1, by)\nb1s = Mul(b1, flat)\nraised = Conv(p, w1s, b1s)",
      )
      .replace(
        "n1 = BatchNormalization(c1,",
        "c1 = Mul(raised, back)\nn1 = BatchNormalization(c1,",
      );
    const [plain, other] = await Promise.all(
      [published, scaled].map((graph) =>
        swept({ graph, from: "a", to: "p", picture, components: numbers(ends, 3) }),
      ),
    );
    expectClose(other?.relevance ?? [], [...(plain?.relevance ?? [])], 4);
  });

  it("reads biases through the activations alone", async () => {
    const graph = (bias: number) => `
      p: f32[N, 2, 1, 1]
      const eye = f32[[[[1]], [[0]]], [[[0]], [[1]]]]
      const w = f32[[[[2]], [[1]]]]
      const b = f32[${bias}.0]
      x = Conv(p, eye)
      y = Conv(x, w, b)
    `;
    for (const bias of [0, 7, -7]) {
      const { relevance } = await swept({
        graph: graph(bias),
        from: "y",
        to: "x",
        picture: [1, 3],
      });
      expectClose(relevance, [0.4, 0.6]);
    }
  });

  it("counts batch normalisations and names no rule of ours on a VGG's way", async () => {
    const { extended, batchNorms } = await swept({
      graph: published,
      from: "a",
      to: "p",
      picture: numbers(size, 1),
    });
    expect(extended).toEqual([]);
    expect(batchNorms).toBe(1);
  });
});

function repeated(values: Float32Array, times: number): Float32Array {
  const out = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) out.set(values, i * values.length);
  return out;
}
