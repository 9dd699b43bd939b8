import { describe, expect, it } from "vitest";
import { fusionIds } from "../../../../shared/domain/fusion.ts";
import { enlargeSmooth } from "../../../../shared/heatmap/enlarge.ts";
import { seededNumbers } from "../../../../test/support/toy-session.ts";
import { toUnit } from "../../kernels/unit-map.ts";
import { fuseLayers, gated, type LayerMap } from "./fuse-layers.ts";

const deep: LayerMap = { map: Float32Array.of(0, 4, 2, -1), h: 2, w: 2 };
const same: LayerMap = { map: Float32Array.of(8, 2, 4, 0), h: 2, w: 2 };
const fine: LayerMap = { map: seededNumbers(36, 1).map(Math.abs), h: 6, w: 6 };

describe("maps of several layers", () => {
  it("become one by hand, in units of the coarsest: positive parts on 0..1, then times 4", () => {
    // N(deep) = 0, 1, ½, 0; N(same) = 1, ¼, ½, 0
    expect([...fuseLayers([deep, same], "mean").map]).toEqual([2, 2.5, 2, 0]);
    expect([...fuseLayers([deep, same], "max").map]).toEqual([4, 4, 2, 0]);
    expect([...fuseLayers([deep, same], "product").map]).toEqual([0, 4, 4, 0]); // 0, ¼, ¼, 0 stretched
    // D (1 + S) = 0, 1.25, 0.75, 0 stretched
    const gate = fuseLayers([deep, same], "gate").map;
    [0, 4, 2.4, 0].forEach((value, i) => expect(gate[i]).toBeCloseTo(value, 6));
    const tanh = fuseLayers([deep, same], "tanh-max").map;
    [2, 2, 1, 0].forEach((twice, i) => expect(tanh[i]).toBeCloseTo(4 * Math.tanh(twice), 5));
  });

  it("lie on the finest grid, whatever order they are given in", () => {
    for (const how of fusionIds) {
      const fused = fuseLayers([deep, fine], how);
      expect(fused).toMatchObject({ h: 6, w: 6 });
      expect(fuseLayers([fine, deep], how).map).toEqual(fused.map);
      expect(fused.map.every((value) => value >= 0 && value <= 4.000001)).toBe(true);
    }
  });

  it("are the finished map of a layer that stands alone, by each rule but tanh", () => {
    for (const how of fusionIds.filter((one) => one !== "tanh-max"))
      fuseLayers([deep], how).map.forEach((value, p) =>
        expect(value, how).toBeCloseTo([0, 4, 2, 0][p], 6),
      );
  });

  it("show nothing where the coarsest shows nothing, and a product not where any does", () => {
    const none: LayerMap = { map: Float32Array.of(-1, -2, 0, -3), h: 2, w: 2 };
    for (const how of fusionIds)
      expect(fuseLayers([none, fine], how).map.every((value) => value === 0)).toBe(true);
    const silent: LayerMap = { map: new Float32Array(36).fill(-1), h: 6, w: 6 };
    expect(fuseLayers([deep, silent], "product").map.every((value) => value === 0)).toBe(true);
    expect(fuseLayers([deep, silent], "mean").map.some((value) => value > 0)).toBe(true);
  });

  it("gated by layers that do not vary, or weigh nothing, are the coarsest", () => {
    const unit = toUnit(
      enlargeSmooth(
        deep.map.map((v) => Math.max(0, v)),
        2,
        2,
        6,
        6,
      ),
    );
    const flat = new Float32Array(36).fill(0.5);
    const values = [...gated(unit ?? flat, [flat])];
    values.forEach((value, p) => expect(value).toBeCloseTo(unit?.[p] ?? NaN, 6));
    const fineUnit = toUnit(fine.map) ?? flat;
    [...gated(unit ?? flat, [fineUnit], [0])].forEach((value, p) =>
      expect(value).toBeCloseTo(unit?.[p] ?? NaN, 6),
    );
  });
});
