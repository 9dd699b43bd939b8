import type { FieldAxis, ReceptiveField } from "../domain/receptive-field.ts";
import type { GridValues } from "./blend.ts";
import { enlargeGaussian } from "./gaussian-enlarge.ts";

const pointsPerCell = 8;
const mostPoints = 160;

/**
 * A map on a grid so fine that drawing it smoothly shows its Gaussians: as no width is under half a jump, eight points to a cell are
 * at least four to a width.
 */
export function fieldGrid(map: GridValues, field: ReceptiveField): GridValues {
  const points = (cells: number) => Math.max(cells, Math.min(mostPoints, pointsPerCell * cells));
  const [height, width] = [points(map.height), points(map.width)];
  return { values: enlargeGaussian(map, height, width, field), height, width };
}

/** Whether the Gaussians are so wide, over a third of the input, that whatever they draw is one spot. */
export function isWide({ down, across }: ReceptiveField): boolean {
  const over = ({ sigmaPx, inputPx }: FieldAxis) => sigmaPx > inputPx / 3;
  return over(down) || over(across);
}
