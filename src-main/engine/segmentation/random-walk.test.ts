import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { argMaxPlanes } from "./background.ts";
import { colourBoundaries, transitionsOf, walk, walkDefaults, walkMaps } from "./random-walk.ts";

const [h, w] = [9, 14];
const n = h * w;
const boundary = seededNumbers(n, 4).map((value) => Math.abs(value) % 1);

describe("transitions", () => {
  it("sum to 1 over where activation comes from, so that a constant stays", () => {
    const { shares } = transitionsOf(boundary, h, w);
    for (let j = 0; j < n; j++)
      expect(shares.reduce((sum, own) => sum + own[j], 0)).toBeCloseTo(1, 12);
    for (const value of walk(new Float32Array(n).fill(0.3), transitionsOf(boundary, h, w)))
      expect(value).toBeCloseTo(0.3, 6);
  });

  it("reach no further than the radius in a step, the same from both ends", () => {
    const open = transitionsOf(new Float32Array(n), h, w);
    const start = new Float32Array(n);
    start[4 * w + 2] = 1;
    const reached = walk(start, open, 1);
    reached.forEach((value, p) => {
      const distance = (p % w) - 2;
      const isNear = distance ** 2 + (Math.floor(p / w) - 4) ** 2 <= walkDefaults.radius ** 2;
      expect(value > 0).toBe(isNear);
    });
    const affinity = (x: number, y: number, dx: number, dy: number) => {
      const { offsets, shares } = transitionsOf(boundary, h, w);
      const at = (ox: number, oy: number) => offsets.findIndex(([a, b]) => a === ox && b === oy);
      return shares[at(dx, dy)][y * w + x] / shares[at(0, 0)][y * w + x]; // over the self affinity of 1
    };
    expect(affinity(3, 3, 4, 2)).toBeCloseTo(affinity(7, 5, -4, -2), 10);
  });

  it("do not pass a wall", () => {
    const wall = Float32Array.from({ length: n }, (_, p) => Number(p % w === 6));
    const start = new Float32Array(n);
    start[2] = 1;
    const walked = walk(start, transitionsOf(wall, h, w));
    walked.forEach((value, p) => {
      if (p % w > 6) expect(value).toBe(0);
    });
    expect(walked[3 * w + 5]).toBeGreaterThan(0);
  });

  it("are, step by step, the powers of one matrix", () => {
    const [rows, columns] = [3, 4];
    const small = boundary.slice(0, 12);
    const transitions = transitionsOf(small, rows, columns);
    const unit = (i: number) => Float32Array.from({ length: 12 }, (_, p) => Number(p === i));
    let power = Array.from({ length: 12 }, (_, i) => walk(unit(i), transitions, 1)); // row i of T
    for (let squared = 0; squared < 8; squared++)
      power = power.map((row) =>
        Float64Array.from({ length: 12 }, (_, j) =>
          row.reduce((sum, value, k) => sum + value * power[k][j], 0),
        ),
      );
    const map = seededNumbers(12, 6).map(Math.abs);
    const direct = Float64Array.from({ length: 12 }, (_, j) =>
      map.reduce((sum, value, i) => sum + value * power[i][j], 0),
    );
    walk(map, transitions, 256).forEach((value, j) => expect(value).toBeCloseTo(direct[j], 9));
  });
});

it("no step at all gives the labels of the maps without their boundary cells", () => {
  const maps = [1, 2].map((seed) => seededNumbers(n, seed).map(Math.abs));
  const still = walkMaps(maps, boundary, transitionsOf(boundary, h, w), 0);
  const wanted = maps.map((map) => map.map((value, p) => value * (1 - boundary[p])));
  expect(argMaxPlanes(still)).toEqual(argMaxPlanes(wanted));
  expect(Math.max(...still.map((map) => Math.max(...map)))).toBe(1); // over all classes
});

it("boundaries lie where colours change, the strongest at 1", () => {
  const rgb = Uint8Array.from({ length: 3 * 5 * 6 }, (_, i) =>
    Math.floor(i / 3) % 6 < 3 ? 10 : 200,
  );
  const found = colourBoundaries(rgb, 5, 6);
  expect([...found.slice(0, 6)]).toEqual([0, 0, 1, 1, 0, 0]);
  expect(Math.max(...colourBoundaries(new Uint8Array(90).fill(7), 5, 6))).toBe(0);
});
