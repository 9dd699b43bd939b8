import { expect, it } from "vitest";
import { layerOf } from "./pane-layers.ts";

const map = (values: readonly number[], width = 2) => ({
  values: Float32Array.from(values),
  ...{ width, height: values.length / width },
  ...{ rawMin: Math.min(...values), rawMax: Math.max(...values) },
});
const one = { map: map([0, 5, 10, -5]), range: { low: 0, high: 10 } }; // 0, 0.5, 1, 0
const other = { map: map([1, 1, 3, 4]), range: { low: 0, high: 4 } }; // 0.25, 0.25, 0.75, 1

it("the difference of two maps counts each in its own range, whatever their units", () => {
  expect([...(layerOf("difference", one, other, 0.5)?.values ?? [])]).toEqual([
    0.25, 0.25, 0.25, 1,
  ]);
});

it("two maps agree where both exceed the threshold, as far as the lesser does", () => {
  expect([...(layerOf("agreement", one, other, 0.2)?.values ?? [])]).toEqual([0, 0.25, 0.75, 0]);
  expect(layerOf("agreement", one, other, 0.2)).toMatchObject({ rawMin: 0, rawMax: 0.75 });
  expect([...(layerOf("agreement", one, other, 0.25)?.values ?? [])]).toEqual([0, 0, 0.75, 0]);
});

it("maps of other grids, and one that is nowhere positive, have no share to compare", () => {
  expect(layerOf("difference", one, { ...other, map: map([1, 1, 3, 4], 4) }, 0.5)).toBeNull();
  const flat = { map: map([0, 0, 0, 0]), range: { low: 0, high: 0 } };
  expect([...(layerOf("difference", flat, other, 0.5)?.values ?? [])]).toEqual([
    0.25, 0.25, 0.75, 1,
  ]);
});
