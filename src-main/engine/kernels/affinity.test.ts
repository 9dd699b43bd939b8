import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../shared/statistics/sample.ts";
import {
  commonNeighbours,
  diffuse,
  featureAffinity,
  refine,
  rowStochastic,
  type NeighbourKind,
} from "./affinity.ts";

const push = { direction: "push", steps: 1, restart: 0 } as const;
const standard = { kind: "bhattacharyya", gamma: 1 } as const;

/** Seeded attention `[n,n]` whose rows sum to 1. */
function attention(n: number, seed: number): Float64Array {
  const random = randomFrom(seed);
  return rowStochastic(
    Float64Array.from({ length: n * n }, () => random() ** 3),
    n,
  );
}

function spread(
  map: readonly number[],
  p: Float64Array,
  gamma = 1,
  kind: NeighbourKind = "bhattacharyya",
) {
  const n = map.length;
  return diffuse(map, rowStochastic(refine(p, n, { kind, gamma }), n), push);
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const close = (actual: ArrayLike<number>, wanted: ArrayLike<number>, digits = 6) =>
  Array.from(wanted).forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));

describe("the hand case of three pixels, 0 and 1 alike, 2 background", () => {
  const p = Float64Array.of(0.6, 0.3, 0.1, 0.3, 0.6, 0.1, 0.1, 0.1, 0.8);

  it("compares neighbourhoods", () => {
    const c = commonNeighbours(p, 3, "bhattacharyya");
    close([c[1], c[2], c[5]], [0.948528, 0.700997, 0.700997]);
  });

  it("refines, and gives activation away in shares", () => {
    const r = refine(p, 3, standard);
    close(r, [0.6, 0.284558, 0.0701, 0.284558, 0.6, 0.0701, 0.0701, 0.0701, 0.8]);
    const t = rowStochastic(r, 3);
    const row = [0.628497, 0.298074, 0.073429];
    close(t, [...row, row[1], row[0], row[2], 0.074558, 0.074558, 0.850883]);
    close(diffuse([1, 0, 0], t, push), row);
    close(diffuse([1, 0.2, 0], t, push), [0.688112, 0.423773, 0.088115]);
  });

  it("leaks less to the background than the attention alone", () => {
    close(spread([1, 0, 0], p, 1, "none"), [0.6, 0.3, 0.1]);
    expect(spread([1, 0, 0], p)[2]).toBeCloseTo(0.073429, 6);
  });
});

describe("what must hold of the reconstruction, whatever the paper's formula", () => {
  const n = 7;
  const p = attention(n, 3);

  it.each(["bhattacharyya", "overlap"] as const)("%s only takes attention away", (kind) => {
    const c = commonNeighbours(p, n, kind);
    const r = refine(p, n, { kind, gamma: 2 });
    for (let i = 0; i < n; i++) {
      expect(c[i * n + i]).toBeCloseTo(1, 12);
      for (let j = 0; j < n; j++) {
        expect(c[i * n + j]).toBe(c[j * n + i]);
        expect(c[i * n + j]).toBeGreaterThanOrEqual(0);
        expect(c[i * n + j]).toBeLessThanOrEqual(1 + 1e-12);
        expect(r[i * n + j]).toBeLessThanOrEqual(p[i * n + j]);
      }
    }
  });

  it("pushing keeps the sum and the sign, with any number of steps", () => {
    const t = rowStochastic(refine(p, n, standard), n);
    const map = [0, 3, 0, 1, 0, 0.5, 0];
    for (const steps of [1, 2, 3]) {
      const out = diffuse(map, t, { ...push, steps });
      expect(sum(out)).toBeCloseTo(4.5, 12);
      expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
    }
    expect(sum(diffuse(map, t, { ...push, steps: 3, restart: 0.3 }))).toBeCloseTo(4.5, 12);
  });

  it("gathering keeps a constant", () => {
    const t = rowStochastic(refine(p, n, standard), n);
    close(diffuse(Array(n).fill(2), t, { ...push, direction: "gather" }), Array(n).fill(2), 12);
  });

  it("attention to oneself alone changes nothing", () => {
    const own = Float64Array.from({ length: 16 }, (_, i) => Number(i % 5 === 0));
    close(spread([1, 2, 0, 4], own), [1, 2, 0, 4], 12);
  });

  it("uniform attention gives the mean everywhere, and C = 1", () => {
    const even = new Float64Array(16).fill(0.25);
    close(commonNeighbours(even, 4, "bhattacharyya"), Array(16).fill(1), 12);
    close(spread([1, 2, 0, 5], even), [2, 2, 2, 2], 12);
  });

  it.each([0, 1, 4])(
    "nothing leaks between blocks that do not attend to each other, γ = %d",
    (gamma) => {
      const block = (i: number) => Number(i >= 3);
      const blocks = rowStochastic(
        p.map((value, at) => (block(Math.floor(at / n)) === block(at % n) ? value : 0)),
        n,
      );
      close(spread([1, 2, 3, 0, 0, 0, 0], blocks, gamma).subarray(3), [0, 0, 0, 0], 12);
    },
  );

  it("power 0 and no comparison coincide", () => {
    close(
      refine(p, n, { kind: "bhattacharyya", gamma: 0 }),
      refine(p, n, { kind: "none", gamma: 1 }),
      12,
    );
  });

  it("gathering along raw attention is TransCAM's direct product", () => {
    const raw = p.map((value, i) => value * (1 + (i % 3))); // rows that do not sum to 1
    const map = [1, 0, 2, 0, 0, 3, 1];
    const direct = map.map((_, i) => sum(map.map((value, j) => raw[i * n + j] * value)));
    close(
      diffuse(map, refine(raw, n, { kind: "none", gamma: 1 }), { ...push, direction: "gather" }),
      direct,
      12,
    );
  });

  it("permuting positions permutes the map", () => {
    const order = [3, 0, 6, 2, 5, 1, 4];
    const map = [1, 0, 2, 0, 0.5, 3, 1];
    const moved = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) moved[i * n + j] = p[order[i] * n + order[j]];
    const plain = spread(map, p);
    close(
      spread(
        order.map((i) => map[i]),
        moved,
      ),
      order.map((i) => plain[i]),
      12,
    );
  });

  it("equal neighbourhoods leave attention untouched, disjoint ones take it all", () => {
    const twins = Float64Array.of(0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 1);
    close(refine(twins, 3, { kind: "bhattacharyya", gamma: 3 }), twins, 12);
    const apart = Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0);
    close(refine(apart, 3, standard), Array(9).fill(0), 12);
  });

  it("is linear in the map", () => {
    const [a, b] = [
      [1, 0, 2, 0, 0, 3, 1],
      [0, 1, 1, 4, 0, 0, 2],
    ];
    const [of, and] = [spread(a, p), spread(b, p)];
    close(
      spread(
        a.map((value, i) => value + 2 * b[i]),
        p,
      ),
      of.map((value, i) => value + 2 * and[i]),
      12,
    );
  });
});

describe("feature affinity", () => {
  it("is the positive part of the cosine of two positions", () => {
    // channels × positions: (3,4), (4,3), (−3,−4)
    const affinity = featureAffinity(Float32Array.of(3, 4, -3, 4, 3, -4), 2);
    close(affinity, [1, 0.96, 0, 0.96, 1, 0, 0, 0, 1], 6);
  });

  it("leaves a dead position to itself", () => {
    close(featureAffinity(Float32Array.of(1, 0, 1, 0), 2), [1, 0, 0, 1], 12);
  });

  it("gives a row without weight to its own position", () => {
    close(rowStochastic([0, 0, 1, 3], 2), [1, 0, 0.25, 0.75], 12);
  });
});
