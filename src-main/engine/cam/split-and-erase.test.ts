import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import {
  centreOf,
  cropsAbout,
  erasing,
  explore,
  type Crop,
  type Erasing,
  type Eye,
} from "./split-and-erase.ts";

const relu = (values: Float32Array) => values.map((value) => Math.max(0, value));

/** An eye whose map of every class is made of the one colour it sees, at full size. */
function eye(
  [height, width]: readonly [number, number],
  views: Eye["views"],
  maps: readonly ((view: Float32Array) => Float32Array)[],
): Eye & { readonly looks: Float32Array[] } {
  const looks: Float32Array[] = [];
  return {
    colours: 1,
    height,
    width,
    grid: [height, width],
    views,
    looks,
    see: async (shown) => {
      looks.push(...shown.map((view) => view.slice()));
      return shown.map((view) => maps.map((map) => relu(map(view))));
    },
  };
}

const whole = (height: number, width: number): Crop => ({ top: 0, left: 0, height, width });

/** Runs one crop for 1, 2, … rounds: what each round adds. */
async function roundsOf(picture: Float32Array, crop: Crop, own: Eye, how: Erasing = erasing) {
  const states = [];
  for (let mostRounds = 1; mostRounds <= how.mostRounds; mostRounds++) {
    const [state] = await explore(picture, [crop], own, { ...how, mostRounds });
    states.push(state);
    if (state.rounds < mostRounds) break;
  }
  return states;
}

describe("the hand case: one row, the map is what is seen", () => {
  const x = Float32Array.of(1, 0.8, 0.5, 0.1);
  const expected = [
    [0.99999, 0.79999, 0.5, 0.1],
    [0.99999, 0.99998, 0.83332, 0.16666],
    [0.99999, 0.99998, 0.99998, 0.16666],
  ];

  it("responds as worked out in every round, hides 2, then 1, then no more, and stops after three", async () => {
    const own = eye([1, 4], ["plain"], [(view) => view]);
    const states = await roundsOf(x, whole(1, 4), own);
    expected.forEach((row, round) =>
      row.forEach((value, p) => expect(states[round].responses[0][p]).toBeCloseTo(value, 4)),
    );
    expect(states.slice(0, 3).map(({ erased }) => erased)).toEqual([0.5, 0.75, 0.75]);
    expect(states.at(-1)?.rounds).toBe(3);
  });

  it("shows what was found as the mean colour", async () => {
    const own = eye([1, 4], ["plain"], [(view) => view]);
    await explore(x, [whole(1, 4)], own, erasing);
    const shown = [
      [1, 0.8, 0.5, 0.1],
      [0.6, 0.6, 0.5, 0.1],
      [0.6, 0.6, 0.6, 0.1],
    ];
    expect(own.looks).toHaveLength(3);
    shown.forEach((row, round) =>
      row.forEach((value, p) => expect(own.looks[round][p]).toBeCloseTo(value, 6)),
    );
  });
});

/** Responds to a pixel and to half of its right neighbour: not the same mirrored. */
const leaning = (view: Float32Array) =>
  view.map((value, p) => value + (p % 8 < 7 ? 0.5 * view[p + 1] : 0));
const flipped = (values: Float32Array, width = 8) =>
  values.map((_, p) => values[p - (p % width) + width - 1 - (p % width)]);
const both = ["plain", "mirrored"] as const;

describe("exploring", () => {
  const picture = seededNumbers(64, 4);

  it("is the sum of the views over its greatest value, in one round of the whole", async () => {
    const own = eye([8, 8], both, [leaning, (view) => view.map((value) => -value), leaning]);
    const [{ responses }] = await explore(picture, [whole(8, 8)], own, {
      ...erasing,
      mostRounds: 1,
    });
    const sum = relu(leaning(picture)).map(
      (value, p) => value + flipped(relu(leaning(flipped(picture))))[p],
    );
    const max = Math.max(...sum);
    sum.forEach((value, p) => expect(responses[0][p]).toBeCloseTo(value / (max + 1e-5), 6));
    expect(responses[2]).toEqual(responses[0]);
  });

  it("never falls from round to round, and never shows again what it hid", async () => {
    const states = await roundsOf(picture, whole(8, 8), eye([8, 8], both, [leaning]));
    expect(states.length).toBeGreaterThan(2);
    states.slice(1).forEach(({ responses, erased }, i) => {
      responses[0].forEach((value, p) =>
        expect(value).toBeGreaterThanOrEqual(states[i].responses[0][p]),
      );
      expect(erased).toBeGreaterThanOrEqual(states[i].erased);
    });
    for (const { rounds } of states) {
      expect(rounds).toBeGreaterThanOrEqual(1);
      expect(rounds).toBeLessThanOrEqual(5);
    }
  });

  it("stops after one round where nothing can reach the threshold", async () => {
    const own = eye([8, 8], both, [leaning]);
    const [{ rounds, erased }] = await explore(picture, [whole(8, 8)], own, {
      ...erasing,
      threshold: 1,
    });
    expect([rounds, erased]).toEqual([1, 0]);
  });

  it("hides all at threshold 0, sees one colour, and stops", async () => {
    const own = eye([8, 8], both, [leaning]);
    const [{ rounds, erased }] = await explore(picture, [whole(8, 8)], own, {
      ...erasing,
      threshold: 0,
    });
    expect([rounds, erased]).toEqual([2, 1]);
    for (const view of own.looks.slice(2)) expect(new Set(view).size).toBe(1);
  });

  it("mirrors with the picture; with the published mask it does not, after the first round", async () => {
    const mirrorError = async (how: Erasing) => {
      const [{ responses: one }] = await explore(
        picture,
        [whole(8, 8)],
        eye([8, 8], both, [leaning]),
        how,
      );
      const turned = eye([8, 8], both, [leaning]);
      const [{ responses: two }] = await explore(flipped(picture), [whole(8, 8)], turned, how);
      const back = flipped(two[0]);
      return Math.max(...one[0].map((value, p) => Math.abs(value - back[p])));
    };
    expect(await mirrorError(erasing)).toBeLessThan(1e-6);
    expect(await mirrorError({ ...erasing, mask: "as published", mostRounds: 1 })).toBeLessThan(
      1e-6,
    );
    expect(await mirrorError({ ...erasing, mask: "as published" })).toBeGreaterThan(0.01);
    // The mask lies wrong on the mirrored view, so what it hides there is not what was found.
    const single = { ...erasing, mask: "as published" } as const;
    const own = eye([8, 8], ["mirrored"], [leaning]);
    await explore(picture, [whole(8, 8)], own, single);
    const fixed = eye([8, 8], ["mirrored"], [leaning]);
    await explore(picture, [whole(8, 8)], fixed, erasing);
    const found = [...relu(leaning(flipped(picture))).entries()].toSorted(
      (a, b) => b[1] - a[1],
    )[0][0];
    expect(fixed.looks[1][found]).not.toBe(fixed.looks[0][found]); // hidden where it was found
    expect(own.looks[1][found]).toBe(own.looks[0][found]); // still shown
  });

  it("sees every crop that goes on in one batch, each by its own mask", async () => {
    const own = eye([8, 8], both, [leaning]);
    const halves = [
      { top: 0, left: 0, height: 8, width: 4 },
      { top: 0, left: 4, height: 8, width: 4 },
    ];
    const together = await explore(picture, halves, own, erasing);
    for (const [i, crop] of halves.entries()) {
      const [alone] = await explore(picture, [crop], eye([8, 8], both, [leaning]), erasing);
      expect(together[i]).toEqual(alone);
    }
  });
});

describe("crops", () => {
  it("are cut about the centre as worked out", () => {
    const map = new Float32Array(100 * 200);
    for (let y = 20; y <= 40; y++) for (let x = 50; x <= 90; x++) map[y * 200 + x] = 1;
    const centre = centreOf(map, 100, 200);
    expect(centre).toEqual([30, 70]);
    expect(cropsAbout([centre], [100, 200], 10)).toEqual([
      { top: 0, left: 0, height: 40, width: 80 },
      { top: 0, left: 60, height: 40, width: 140 },
      { top: 20, left: 0, height: 80, width: 80 },
      { top: 20, left: 60, height: 80, width: 140 },
    ]);
  });

  it("cover the picture and hold every centre, wherever the centres are", () => {
    for (const centres of [
      [[0, 0]],
      [[99, 199]],
      [
        [50, 3],
        [2, 190],
      ],
      [[30, 70]],
    ] as [number, number][][]) {
      const crops = cropsAbout(centres, [100, 200], 10);
      const covered = new Uint8Array(100 * 200);
      for (const { top, left, height, width } of crops)
        for (let y = top; y < top + height; y++)
          covered.fill(1, y * 200 + left, y * 200 + left + width);
      expect(covered.every(Boolean)).toBe(true);
      for (const { top, left, height, width } of crops)
        for (const [y, x] of centres) {
          expect(y >= top && y < top + height).toBe(true);
          expect(x >= left && x < left + width).toBe(true);
        }
    }
  });

  it("are the whole, once, of three classes; the middle stands in for an empty map", () => {
    expect(
      cropsAbout(
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        [8, 9],
        1,
      ),
    ).toEqual([whole(8, 9)]);
    expect(centreOf(new Float32Array(20), 4, 5)).toEqual([2, 2]);
  });

  it("begin with the picture; the published code counts from the far end", () => {
    const near: [number, number][] = [[3, 4]];
    expect(cropsAbout(near, [100, 200], 10)[3]).toEqual(whole(100, 200));
    expect(cropsAbout(near, [100, 200], 10, "as published")[3]).toEqual({
      top: 93,
      left: 194,
      height: 7,
      width: 6,
    });
  });
});
