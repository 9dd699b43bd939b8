import type { SeenArea } from "../../../shared/domain/preparation.ts";
import { cellsOf } from "../../../shared/geometry/cells.ts";
import type { ArtefactName } from "./detector.ts";
import type { Artefacts } from "./registry.ts";

/** Each artefact that was found, on a map's grid: share 0..1 of every cell, `[h,w]`. */
export function artefactCells(
  { width, height, factor, masks }: Artefacts,
  grid: { readonly h: number; readonly w: number; readonly seen: SeenArea },
): Partial<Record<ArtefactName, Float32Array>> {
  // The last working row and column may reach past the picture: the masks lie over this area, not over the picture.
  const covered = { width: width * factor, height: height * factor };
  return Object.fromEntries(
    Object.entries(masks).map(([name, data]) => [
      name,
      cellsOf({ width, height, data }, grid.seen, covered, { width: grid.w, height: grid.h }),
    ]),
  );
}
