import { defineMeasure } from "./measure.ts";

/** Raw max: the largest raw value before any scaling. */
export const rawMax = defineMeasure({
  id: "raw_max",
  measure: ({ map }) => map.reduce((max, value) => Math.max(max, value), -Infinity),
});
