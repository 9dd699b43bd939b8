import { describe, expect, it } from "vitest";
import { agreement, averageDown } from "./agreement.ts";
import { hottestShare } from "./hottest.ts";
import { necessity } from "./necessity.ts";
import { artefactShares, measureAll } from "./registry.ts";
import { stability } from "./stability.ts";
import { widen } from "./widen.ts";

/** An h × w map with heat in the named cells. */
function mapOf(h: number, w: number, cells: Record<string, number>): Float32Array {
  const map = new Float32Array(h * w);
  for (const [cell, value] of Object.entries(cells)) {
    const [y, x] = cell.split(",").map(Number);
    map[y * w + x] = value;
  }
  return map;
}

const none = { evidence: null, text: null };

describe("metrics of a map on its own grid", () => {
  it("share heat between evidence and the rest by cell weight", () => {
    const map = Float32Array.of(6, 2, 2, -5);
    const evidence = Float32Array.of(0.5, 1, 0, 1);
    const measured = measureAll({ map, h: 2, w: 2, evidence, text: null });
    expect(measured.inside_energy).toBeCloseTo((3 + 2) / 10, 6); // the negative cell is no heat
    expect(measured.evidence_area).toBeCloseTo(2.5 / 4, 6);
    expect(measured.raw_max).toBe(6);
  });

  it("say n/a with a cause and never 0 where there is no evidence or no map", () => {
    const without = measureAll({ map: Float32Array.of(1, 2, 3, 4), h: 2, w: 2, ...none });
    for (const id of [
      "inside_energy",
      "evidence_area",
      "pointing_hit",
      "iou_top20",
      "focus",
      "s1",
    ] as const)
      expect(without[id]).toBe("no-evidence");
    const dark = measureAll({ map: Float32Array.of(-1, -2, 0, -4), h: 2, w: 2, ...none });
    expect(dark.border_share).toBe("no-map");
    expect(dark.entropy).toBe("no-map");
    expect(dark.raw_max).toBe(0);
    expect(measureAll({ map: null, h: 2, w: 2, ...none }).raw_max).toBe("no-map");
  });

  it("hold 36 % on the frame, 9 % in the corners and entropy 1 on an even map of any grid", () => {
    for (const side of [4, 7, 10]) {
      const map = new Float32Array(side * side).fill(3);
      const measured = measureAll({ map, h: side, w: side, ...none });
      expect(measured.border_share).toBeCloseTo(0.36, 6);
      expect(measured.corner_share).toBeCloseTo(0.09, 6);
      expect(measured.entropy).toBeCloseTo(1, 6);
      for (const id of ["border", "corner", "s2", "s3"] as const)
        expect(measured[id]).toBeCloseTo(0, 5);
    }
  });

  it("give the golden entropy 0.405639 of 0, 0, 1, 3 and 0 of one cell", () => {
    expect(
      measureAll({ map: Float32Array.of(0, 0, 1, 3), h: 2, w: 2, ...none }).entropy,
    ).toBeCloseTo(0.405639, 6);
    expect(
      measureAll({ map: Float32Array.of(0, 0, 0, 3), h: 2, w: 2, ...none }).entropy,
    ).toBeCloseTo(0, 9);
  });

  it("do not change with a positive factor, except the raw maximum", () => {
    const map = Float32Array.of(0.5, 2, 1, -1, 0, 3, 0.25, 0, 1);
    const evidence = Float32Array.of(0, 1, 0.5, 0, 0, 1, 0, 0, 0);
    const once = measureAll({ map, h: 3, w: 3, evidence, text: null });
    const scaled = measureAll({ map: map.map((v) => v * 8), h: 3, w: 3, evidence, text: null });
    expect({ ...scaled, raw_max: 3 }).toEqual(once);
    expect(scaled.raw_max).toBe(24);
  });

  it("leave the map as it was", () => {
    const map = Float32Array.of(1, -2, 3, 4);
    measureAll({ map, h: 2, w: 2, evidence: Float32Array.of(1, 0, 0, 0), text: null });
    expect([...map]).toEqual([1, -2, 3, 4]);
  });
});

describe("pointing hit", () => {
  const hit = (map: Float32Array, evidence: Float32Array) =>
    measureAll({ map, h: 3, w: 3, evidence, text: null }).pointing_hit;
  const centre = mapOf(3, 3, { "1,1": 1 });

  it("counts evidence in the hottest cell however little of it", () => {
    expect(hit(centre, mapOf(3, 3, { "1,1": 0.01 }))).toBe(1);
  });

  it("counts a neighbour only when its evidence must reach into the near half", () => {
    expect(hit(centre, mapOf(3, 3, { "1,2": 0.51 }))).toBe(1);
    expect(hit(centre, mapOf(3, 3, { "1,2": 0.5 }))).toBe(0);
    expect(hit(centre, mapOf(3, 3, { "2,2": 0.76 }))).toBe(1);
    expect(hit(centre, mapOf(3, 3, { "2,2": 0.75 }))).toBe(0);
  });

  it("reads half cells from evidence on a grid twice as fine", () => {
    const evidence = mapOf(3, 3, { "1,2": 0.25 });
    const near = mapOf(6, 6, { "2,4": 1 }); // the half of cell (1,2) next to the centre
    const far = mapOf(6, 6, { "2,5": 1 });
    const fine = (evidenceFine: Float32Array) =>
      measureAll({ map: centre, h: 3, w: 3, evidence, evidenceFine, text: null }).pointing_hit;
    expect(fine(near)).toBe(1);
    expect(fine(far)).toBe(0);
  });

  it("counts equal hottest cells by their mean, so a flat map does not always hit", () => {
    const flat = new Float32Array(9).fill(1);
    expect(hit(flat, mapOf(3, 3, { "0,0": 0.4 }))).toBeCloseTo(1 / 9, 9);
  });
});

describe("IoU of the hottest 20 %", () => {
  it("is intersection over union with cells of w > 0.5", () => {
    // 5 of 25 cells are hot: row 0. Evidence: (0,0), (0,1), (1,0) → 2 of 6
    const map = mapOf(5, 5, { "0,0": 9, "0,1": 8, "0,2": 7, "0,3": 6, "0,4": 5 });
    const evidence = mapOf(5, 5, { "0,0": 1, "0,1": 0.6, "1,0": 1, "0,2": 0.5 });
    expect(measureAll({ map, h: 5, w: 5, evidence, text: null }).iou_top20).toBeCloseTo(2 / 6, 9);
  });

  it("takes exactly its share of a map with a plateau of zeros", () => {
    const map = new Float32Array(100);
    map.fill(1, 0, 6); // 94 % zeros
    const isHot = hottestShare(map, 0.1);
    expect(isHot.reduce((sum, hot) => sum + hot, 0)).toBe(10);
    expect([...isHot.subarray(0, 6)]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(hottestShare(map, 0.1)).toEqual(isHot);
  });
});

describe("border, corner and text", () => {
  it("measure one lit corner of a 10 × 10 map", () => {
    const measured = measureAll({ map: mapOf(10, 10, { "9,0": 4 }), h: 10, w: 10, ...none });
    expect(measured.border_share).toBeCloseTo(1, 6);
    expect(measured.border).toBeCloseTo(1, 6);
    expect(measured.corner_share).toBeCloseTo(1, 6);
    expect(measured.corner).toBeCloseTo(1, 6);
  });

  it("take the hottest corner for k, all four for the share", () => {
    const map = mapOf(10, 10, { "0,0": 3, "9,9": 1, "5,5": 4 });
    const measured = measureAll({ map, h: 10, w: 10, ...none });
    expect(measured.corner_share).toBeCloseTo(0.5, 6);
    expect(measured.corner).toBeCloseTo((3 / 8 - 0.0225) / 0.9775, 6);
  });

  it("take the area of the text itself for t", () => {
    const text = Float32Array.of(1, 0.5, 0, 0);
    const measured = measureAll({
      map: Float32Array.of(3, 2, 1, 0),
      h: 2,
      w: 2,
      evidence: null,
      text,
    });
    expect(measured.text_overlap).toBeCloseTo(4 / 6, 6);
    expect(measured.text).toBeCloseTo((4 / 6 - 0.375) / 0.625, 6);
    expect(measured.s4).toBeCloseTo((4 / 6 - 0.375) / 0.625, 6);
  });
});

describe("focus g", () => {
  const focusOf = (map: Float32Array, evidence: Float32Array, side = 10) =>
    measureAll({ map, h: side, w: side, evidence, text: null }).focus;

  it("is 1 when all strong heat lies on the evidence and 0 when it lies there by chance", () => {
    expect(focusOf(mapOf(10, 10, { "5,5": 1 }), mapOf(10, 10, { "5,5": 1 }))).toBeCloseTo(1, 6);
    const half = new Float32Array(100).fill(1, 0, 50);
    expect(focusOf(new Float32Array(100).fill(1), half)).toBeCloseTo(0, 6);
  });

  it("reads evidence widened by one cell, in doubt for the accused", () => {
    // heat beside a small nodule: as drawn 0, widened 1
    expect(focusOf(mapOf(10, 10, { "5,6": 1 }), mapOf(10, 10, { "5,5": 0.1 }))).toBeCloseTo(1, 6);
    expect(focusOf(mapOf(10, 10, { "5,7": 1 }), mapOf(10, 10, { "5,5": 0.1 }))).toBe(0);
  });

  it("leaves out heat under 35 % of the maximum", () => {
    const evidence = mapOf(10, 10, { "5,5": 1 });
    const map = mapOf(10, 10, { "5,5": 100, "0,0": 34, "0,9": 34, "9,0": 34 });
    expect(focusOf(map, evidence)).toBeCloseTo(1, 6);
    map[0] = 35;
    // E = 100/135; widened a = 0.09, drawn a = 0.01: the drawn reading is larger
    expect(focusOf(map, evidence)).toBeCloseTo((100 / 135 - 0.01) / 0.99, 6);
  });

  it("leaves out the widened reading when it covers more than 0.8", () => {
    // 4 × 4, evidence in the middle 2 × 2: widened it covers all 16 cells
    const evidence = mapOf(4, 4, { "1,1": 1, "1,2": 1, "2,1": 1, "2,2": 1 });
    expect(focusOf(mapOf(4, 4, { "0,0": 1 }), evidence, 4)).toBe(0);
    expect(focusOf(mapOf(4, 4, { "1,1": 1 }), evidence, 4)).toBe(1);
  });

  it("has no value when the evidence as drawn covers more than 0.8", () => {
    const map = mapOf(10, 10, { "5,5": 1 });
    expect(focusOf(map, new Float32Array(100).fill(0.81))).toBe("evidence-too-large");
    expect(focusOf(map, new Float32Array(100).fill(0.79))).not.toBe("evidence-too-large");
  });

  it("widens by a cell the mask touches at all and its 8 neighbours", () => {
    expect([...widen(mapOf(3, 4, { "0,0": 0.001 }), 3, 4)]).toEqual([
      1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0,
    ]);
  });
});

describe("signals", () => {
  it("take what an empty input shows off border and corner", () => {
    const map = mapOf(10, 10, { "0,0": 1 });
    const corrected = measureAll({ map, h: 10, w: 10, ...none, nullMap: map });
    expect(corrected).toMatchObject({ s2: 0, s3: 0 });
    const dark = measureAll({ map, h: 10, w: 10, ...none, nullMap: new Float32Array(100) });
    expect(dark.s3).toBeCloseTo(1, 5);
  });

  it("count heat outside the evidence dilated by 10 % of the short side", () => {
    const evidence = mapOf(10, 10, { "5,5": 1 });
    const at = (cell: string) =>
      measureAll({ map: mapOf(10, 10, { [cell]: 1 }), h: 10, w: 10, evidence, text: null }).s1;
    expect(at("4,4")).toBe(0); // one cell away: dilated by exactly one cell
    expect(at("3,3")).toBeCloseTo(1, 6);
  });

  it("are defined without evidence, apart from s1", () => {
    const measured = measureAll({ map: mapOf(4, 4, { "0,0": 1 }), h: 4, w: 4, ...none });
    expect(measured.s1).toBe("no-evidence");
    for (const id of ["s2", "s3", "s4"] as const) expect(measured[id]).toBeTypeOf("number");
  });

  it("name artefacts by their share of heat", () => {
    const map = Float32Array.of(3, 1, -1, 0);
    expect(artefactShares(map, { padding: Float32Array.of(0, 1, 1, 1) })).toEqual({
      padding: 0.25,
    });
  });
});

describe("metrics that need a further pass", () => {
  const ramp = Float32Array.from({ length: 16 }, (_, i) => i);

  it("agreement is a rank correlation: any rising transformation agrees fully", () => {
    const same = { map: ramp.map((v) => Math.sqrt(v)), h: 4, w: 4 };
    expect(agreement({ map: ramp, h: 4, w: 4 }, same)).toBeCloseTo(1, 9);
    const turned = { map: ramp.map((v) => 15 - v), h: 4, w: 4 };
    expect(agreement({ map: ramp, h: 4, w: 4 }, turned)).toBeCloseTo(-1, 9);
  });

  it("agreement compares on the coarser grid", () => {
    const coarse = Float32Array.of(1, 2, 3, 4);
    const fine = Float32Array.from({ length: 16 }, (_, i) => coarse[(i >> 3) * 2 + ((i >> 1) & 1)]);
    expect(agreement({ map: fine, h: 4, w: 4 }, { map: coarse, h: 2, w: 2 })).toBeCloseTo(1, 9);
    expect([...averageDown(fine, 4, 4, 2, 2)]).toEqual([...coarse]);
    expect([...averageDown(Float32Array.of(1, 2, 6), 1, 3, 1, 2)]).toEqual([
      expect.closeTo(4 / 3, 6),
      expect.closeTo(14 / 3, 6),
    ]);
  });

  it("agreement of a flat map is n/a, not 0", () => {
    expect(agreement({ map: ramp, h: 4, w: 4 }, { map: new Float32Array(16), h: 4, w: 4 })).toBe(
      "no-map",
    );
  });

  it("stability is the mean over the shifted maps", () => {
    expect(stability(ramp, [ramp, ramp.map((v) => 15 - v)])).toBeCloseTo(0, 9);
    expect(stability(ramp, [])).toBe("no-map");
  });

  it("necessity is the share of the probability that goes, never below 0", () => {
    expect(necessity(0.8, 0.2)).toBeCloseTo(0.75, 12);
    expect(necessity(0.8, 0.9)).toBe(0);
    expect(necessity(0, 0)).toBe(0);
  });
});
