import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { argMaxPlanes } from "./background.ts";
import { crfDefaults, denseCrf, labelUnary, scoreUnary, type CrfPicture } from "./dense-crf.ts";

const side = 6;
const n = side * side;
/** Left half black, right half white. */
const halves: CrfPicture = {
  width: side,
  height: side,
  rgb: Uint8Array.from({ length: 3 * n }, (_, i) => (Math.floor(i / 3) % side < 3 ? 0 : 255)),
  stepPx: 1,
};
const scores = [5, 6].map((seed) => seededNumbers(n, seed).map((value) => (value + 1) / 2));

describe("unaries", () => {
  it("of scores are used as they are, cut at 1e-5", () => {
    const [plane] = scoreUnary([Float32Array.of(1, 0.5, 0)]);
    expect(plane[0]).toBeCloseTo(0, 12);
    expect(plane[1]).toBeCloseTo(Math.LN2, 6);
    expect(plane[2]).toBeCloseTo(-Math.log(1e-5), 6);
  });

  it("of labels trust them to seven tenths", () => {
    const planes = labelUnary([0, 2], 3);
    expect(planes.map((plane) => Math.exp(-plane[0]))).toEqual(
      [0.7, 0.15, 0.15].map((p) => expect.closeTo(p, 12)),
    );
    expect(Math.exp(-planes[2][1])).toBeCloseTo(0.7, 12);
  });
});

describe("the mean field", () => {
  it("without pairs gives the labels of the unaries", () => {
    const alone = { ...crfDefaults.scores, smoothWeight: 0, colourWeight: 0 };
    expect(argMaxPlanes(asScores(denseCrf(halves, scoreUnary(scores), alone)))).toEqual(
      argMaxPlanes(scores),
    );
  });

  it("of two pixels is what the formula says", () => {
    // one smoothness kernel k = exp(−1/18), n = 1 + k, both alike: message = w k/(1 + k) · Q of the other
    const pair: CrfPicture = { width: 2, height: 1, rgb: new Uint8Array(6), stepPx: 1 };
    const settings = { ...crfDefaults.scores, colourWeight: 0, iterations: 1 };
    const unary = [Float64Array.of(0, 1), Float64Array.of(1, 0)];
    const k = Math.exp(-1 / 18);
    const weight = (3 * k) / (1 + k);
    const own = 1 / (1 + Math.exp(-1)); // Q at the start: 0.731 for the better label
    const first = Math.exp(0 + weight * (1 - own));
    const second = Math.exp(-1 + weight * own);
    const q = denseCrf(pair, unary, settings);
    expect(q[0][0]).toBeCloseTo(first / (first + second), 12);
    expect(q[0][0] + q[1][0]).toBeCloseTo(1, 12);
  });

  it("overrules a lone wrong pixel inside an area of one colour, and not across the edge", () => {
    const labels = Uint8Array.from({ length: n }, (_, p) => Number(p % side >= 3));
    labels[7] = 1; // on the black side
    const q = denseCrf(halves, labelUnary(labels, 2), crfDefaults.labels);
    const smoothed = argMaxPlanes(asScores(q));
    labels[7] = 0;
    expect(smoothed).toEqual(labels);
  });

  it("measures places in the full picture: pixels far apart there do not speak to each other", () => {
    const labelled = (stepPx: number) =>
      denseCrf({ ...halves, stepPx }, scoreUnary(scores), crfDefaults.scores);
    const alone = denseCrf(halves, scoreUnary(scores), { ...crfDefaults.scores, iterations: 0 });
    const moved = (q: readonly Float64Array[]) =>
      q[0].reduce((sum, value, p) => sum + Math.abs(value - alone[0][p]), 0);
    expect(moved(labelled(1000))).toBeLessThan(1e-9);
    expect(moved(labelled(1))).toBeGreaterThan(1);
  });
});

function asScores(planes: readonly Float64Array[]): Float32Array[] {
  return planes.map((plane) => Float32Array.from(plane));
}
