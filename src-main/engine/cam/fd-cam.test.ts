import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { byRow, mapItem, mapTools } from "../../../test/support/map-item.ts";
import { groupsOf } from "../kernels/similarity.ts";
import { switchedMap } from "./fd-cam.ts";
import { linearGradients } from "./head.ts";
import type { MapItem } from "./method.ts";

// fd-cam.md (e), hand case: four channels of two positions, y = w · mean + b, groups of two at q = 0.5
const activations = Float32Array.of(2, 0, 1, 1, 0, 2, 1, 3);
const w = [3, 1, -1, 0.5];
const b = 0.2;
const headWeights = { dims: [1, 4], data: Float32Array.from(w, (own) => own / 2) };
const gradients = linearGradients(headWeights, [1], 4, 2);
const score = (row: Float32Array) =>
  w.reduce((sum, own, k) => sum + (own * (row[2 * k] + row[2 * k + 1])) / 2, b);

function handCase(changes: Partial<MapItem> = {}): MapItem {
  const logits = Float32Array.of(score(activations));
  return mapItem({ activations, gradients, logits, k: 4, h: 1, w: 2, ...changes });
}

const tail = byRow((row) => [score(row)]);

describe("FD-CAM", () => {
  it("gives the hand case by tail passes and by the closed form", async () => {
    const passed = await switchedMap(mapTools({ tail }), handCase(), 0.5);
    const closed = await switchedMap(
      mapTools({}),
      handCase({ headWeights, headBias: Float32Array.of(b) }),
      0.5,
    );
    for (const { map, notes } of [passed, closed]) {
      [4.635924, -1.050639].forEach((value, p) => expect(map[p]).toBeCloseTo(value, 5));
      expect(notes).toEqual({ constantWeights: 0, signedActivations: 0 });
    }
  });

  it("does not change when the score is shifted or scaled", async () => {
    const { map } = await switchedMap(mapTools({ tail }), handCase(), 0.5);
    const changed = await switchedMap(
      mapTools({ tail: byRow((row) => [3 * score(row) + 7]) }),
      handCase({
        logits: Float32Array.of(3 * score(activations) + 7),
        gradients: gradients.map((g) => 3 * g),
      }),
      0.5,
    );
    map.forEach((value, p) => expect(changed.map[p]).toBeCloseTo(value, 4));
  });

  it("counts scores that are all alike as 0.5, and says so", async () => {
    const same = await switchedMap(mapTools({ tail: byRow(() => [4.2]) }), handCase(), 0.5);
    expect(same.notes.constantWeights).toBe(1);
    // ŝ = 0.5, ĝ = (1, 0.5, 0, 0.375)
    const weights = [1, 0.5, 0, 0.375].map((g) => Math.exp(0.5) * g - 0.5);
    [0, 1].forEach((p) =>
      expect(same.map[p]).toBeCloseTo(
        weights.reduce((sum, own, k) => sum + own * activations[2 * k + p], 0),
        5,
      ),
    );
  });

  it("marks signed activations as outside the paper's setting", async () => {
    const signed = activations.map((a, i) => (i === 0 ? -a : a));
    const item = handCase({ activations: signed, headWeights, headBias: Float32Array.of(b) });
    expect((await switchedMap(mapTools({}), item, 0.5)).notes.signedActivations).toBe(1);
  });
});

describe("groups of similar channels", () => {
  const membersOf = (values: Float32Array, k: number, q: number) =>
    groupsOf(values, k, q).map((group) => [...group]);

  it("are those of the hand case", () => {
    expect(membersOf(activations, 4, 0.5)).toEqual([
      [0, 1],
      [1, 3],
      [2, 3],
      [2, 3],
    ]);
  });

  it("have C − 1 − ⌊0.95 (C − 1)⌋ members: 13 of 256, 26 of 512; one of 20", () => {
    for (const [k, size] of [
      [256, 13],
      [512, 26],
      [20, 1],
    ] as const) {
      const groups = groupsOf(seededNumbers(k * 16, 3), k, 0.95);
      expect(new Set(groups.map((group) => group.length))).toEqual(new Set([size]));
      expect(groups.every((group, i) => group.includes(i))).toBe(true);
    }
  });

  it("are empty for dead channels; a live one that ties leave without any is in its own", () => {
    const values = Float32Array.of(0, 0, 1, 2, 2, 4, 3, 6);
    expect(membersOf(values, 4, 0.5)).toEqual([[], [1], [2], [3]]);
  });

  it("do not change when a channel is scaled", () => {
    const values = seededNumbers(40 * 9, 5).map(Math.abs);
    const scaled = values.map((value, i) => (i < 9 ? 7 * value : value));
    expect(membersOf(scaled, 40, 0.9)).toEqual(membersOf(values, 40, 0.9));
  });
});
