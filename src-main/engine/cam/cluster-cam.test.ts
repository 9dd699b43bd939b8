import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { byRow, mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import { averageOver } from "../kernels/area.ts";
import { kMeans } from "../kernels/k-means.ts";
import { clusterCam, clusterMaps, mergeMasks } from "./cluster-cam.ts";
import type { MapItem } from "./method.ts";

// cluster-cam.md 5.1: four channels of 2×2, a picture of ones, logits = (pixel 0, pixel 3)
const rows = [
  [4, 0, 0, 0],
  [2, 0, 0, 0],
  [0, 0, 0, 3],
  [0, 0, 0, 1],
];
const ones = { dims: [1, 1, 2, 2], data: Float32Array.of(1, 1, 1, 1) };
const forward = byRow((row) => [row[0], row[3]]);

function itemOf(channels: readonly (readonly number[])[], changes: Partial<MapItem> = {}) {
  return mapItem({
    activations: Float32Array.from(channels.flat()),
    k: channels.length,
    h: 2,
    w: 2,
    image: ones,
    logits: Float32Array.of(1, 1),
    seed: Float32Array.of(1, 0),
    ...changes,
  });
}

async function mapOf(item: MapItem): Promise<number[]> {
  return [...(await passMap(clusterCam, mapTools({ forward }), item)).map];
}

describe("k-means without chance", () => {
  it("labels the hand case 0 0 1 1 with two clusters", () => {
    expect([...kMeans(rows, 2).labels]).toEqual([0, 0, 1, 1]);
  });

  it("has as many clusters as there are distinct rows, at most", () => {
    expect(kMeans([...rows, ...rows], 10).count).toBe(4);
    expect(kMeans([], 10).count).toBe(0);
  });

  it("never raises the sum of squared distances", () => {
    const points = Array.from({ length: 200 }, (_, r) => seededNumbers(6, r + 1));
    const { inertias, labels } = kMeans(points, 10);
    expect(inertias.length).toBeGreaterThan(2);
    inertias.slice(1).forEach((own, i) => expect(own).toBeLessThanOrEqual(inertias[i] + 1e-9));
    expect(new Set(labels).size).toBe(10);
  });
});

describe("Cluster-CAM", () => {
  // Up to ten clusters: the hand case has one a channel, of the same two masks.
  it("gives the hand case: what the base shows less what the scissors show", async () => {
    expect(await mapOf(itemOf(rows))).toEqual([1, 0, 0, -1]);
  });

  it("swaps base and scissors with the class", async () => {
    const rival = { seed: Float32Array.of(0, 1), target: 1 };
    expect(await mapOf(itemOf(rows, rival))).toEqual([-1, 0, 0, 1]);
  });

  it("merges channels of one cluster by their raw mean", () => {
    const many = [5, 5.1, 5.2].map((x) => [x, 0, 0, 0]);
    const far = Array.from({ length: 9 }, (_, i) => [0, 100 * (i + 1), 0, 7]);
    const maps = clusterMaps(itemOf([...many, ...far])).map((map) => [...map]);
    expect(maps.length).toBe(10);
    expect(maps.find(([x]) => x > 0)?.[0]).toBeCloseTo(5.1, 5);
  });

  it("subtracts as the merge case says, negative values kept", () => {
    const merged = mergeMasks(Float32Array.of(1, 0.8, 0.6, 0), Float32Array.of(0, 0.2, 1, 0.1));
    [1, 0.6, -0.4, -0.1].forEach((value, p) => expect(merged?.[p]).toBeCloseTo(value, 6));
  });

  it("is the one mask there is, whatever the class, where all live channels are alike", async () => {
    const single = [
      [1, 3, 2, 1],
      [1, 3, 2, 1],
      [5, 5, 5, 5], // dead: no contrast
    ];
    for (const seed of [Float32Array.of(1, 0), Float32Array.of(0, 1)]) {
      const made = await passMap(clusterCam, mapTools({ forward }), itemOf(single, { seed }));
      expect([...made.map]).toEqual([0, 1, 0.5, 0]);
      expect(made.notes).toEqual({ clusters: 1, baseAlone: 1 });
    }
  });

  it("does not change when channels are doubled, scaled or change places", async () => {
    const channels = Array.from({ length: 14 }, (_, r) =>
      [...seededNumbers(4, r + 5)].map(Math.abs),
    );
    const expected = await mapOf(itemOf(channels));
    const changed = [
      channels.flatMap((own) => [own, own]),
      channels.map((own) => own.map((x) => 4 * x)),
      channels.toReversed(),
    ];
    for (const own of changed)
      (await mapOf(itemOf(own))).forEach((value, p) => expect(value).toBeCloseTo(expected[p], 5));
  });

  it("gives zeros where no channel has contrast", async () => {
    expect(await mapOf(itemOf([[2, 2, 2, 2]]))).toEqual([0, 0, 0, 0]);
  });
});

describe("averages over cells", () => {
  it("count a value by the area that falls in a cell", () => {
    // thirds in halves: (1 + 0.5 · 4) / 1.5, (0.5 · 4 + 7) / 1.5
    const [left, right] = averageOver([1, 4, 7], [1, 3], [1, 2]);
    expect([left, right]).toEqual([2, 6]);
  });

  it("keep the mean", () => {
    const values = seededNumbers(35, 2);
    const mean = (all: Float32Array) => all.reduce((sum, x) => sum + x, 0) / all.length;
    expect(mean(averageOver(values, [7, 5], [3, 2]))).toBeCloseTo(mean(values), 6);
  });
});
