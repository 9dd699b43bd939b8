import type { Run } from "../../shared/contract/audits.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { ReceptiveField } from "../../shared/domain/receptive-field.ts";
import { fieldGrid } from "../../shared/heatmap/field-grid.ts";
import type { Overlay } from "./overlay.svelte.ts";
import type { RawMap } from "./pictures.ts";

const drawn = new WeakMap<RawMap, { field: ReceptiveField; map: RawMap }>();

/** The receptive field that a run's maps are drawn with: where the view asks for it or the method is drawn so; null: none. */
export function fieldInView(
  overlay: Pick<Overlay, "isSmooth" | "isGaussian">,
  run: Run | null,
): ReceptiveField | null {
  if (!run || !overlay.isSmooth) return null;
  const isWanted = overlay.isGaussian || methods[run.method].enlargement === "gaussian";
  return (isWanted && run.tap.receptiveField) || null;
}

/** The map as Gaussians on what its cells see, fine enough to be drawn smoothly; its raw ends stay those of the cells. */
export function fieldMap(map: RawMap, field: ReceptiveField): RawMap {
  const known = drawn.get(map);
  if (known?.field === field) return known.map;
  const { values, height, width } = fieldGrid(map, field);
  const made = { ...map, values: Float32Array.from(values), height, width };
  drawn.set(map, { field, map: made });
  return made;
}
