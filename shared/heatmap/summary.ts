import { message } from "../messages/catalogue.ts";
import { boxWeights, frameWeights, heatShare, positivePart } from "./regions.ts";

/** Places of a map split 3 × 3, row by row. */
export const sectorIds = [
  "upper-left",
  "upper-middle",
  "upper-right",
  "middle-left",
  "centre",
  "middle-right",
  "lower-left",
  "lower-middle",
  "lower-right",
] as const;
export type SectorId = (typeof sectorIds)[number];

/** Shares of heat in the nine sectors, row by row; zeros of a map without heat. */
export function sectors(map: ArrayLike<number>, h: number, w: number): number[] {
  const heat = positivePart(map);
  return sectorIds.map((_, i) => heatShare(heat, sectorWeights(h, w, i)) || 0);
}

/** The sector that holds the most heat, or null of a map without heat. */
export function strongestSector(map: ArrayLike<number>, h: number, w: number): SectorId | null {
  const shares = sectors(map, h, w);
  const most = Math.max(...shares);
  return most > 0 ? sectorIds[shares.indexOf(most)] : null;
}

/**
 * What can be read off a map, in words (RX-25): the sector with the most heat, how much of the heat its hot cells (half the
 * maximum or more) hold and how much of the area they are, the share inside the evidence, the share on the border.
 */
export function summarise(map: {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** Inside energy, when there is evidence. */
  readonly insideEnergy?: number | null;
}): string {
  const { values, height, width, insideEnergy = null } = map;
  const heat = positivePart(values);
  const sector = strongestSector(heat, height, width);
  if (!sector) return message("reasons.summary.none");
  const weights = sectorWeights(height, width, sectorIds.indexOf(sector));
  const max = heat.reduce((most, value) => Math.max(most, value), 0);
  const hot = weights.map((weight, i) => (heat[i] >= max / 2 ? weight : 0));
  const cells = hot.some((weight) => weight > 0) ? hot : weights;
  const area = cells.reduce((sum, weight) => sum + weight, 0) / cells.length;
  const sentences = [
    message("reasons.summary.strongest", {
      place: message(`reasons.place.${sector}`),
      heat: percent(heatShare(heat, cells)),
      area: percent(area),
    }),
  ];
  if (insideEnergy !== null && Number.isFinite(insideEnergy))
    sentences.push(message("reasons.summary.inside", { heat: percent(insideEnergy) }));
  const edge = heatShare(heat, frameWeights(height, width, 0.1));
  sentences.push(message("reasons.summary.edge", { heat: percent(edge) }));
  return sentences.join(" ");
}

/** Whole per cent; what would round to nothing or to everything, and is not, is "under 1" and "over 99". */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return message("reasons.under-one");
  if (share < 1 && share >= 0.995) return message("reasons.over-ninety-nine");
  return String(Math.round(share * 100));
}

function sectorWeights(h: number, w: number, i: number): Float32Array {
  return boxWeights(h, w, { x: (i % 3) / 3, y: Math.floor(i / 3) / 3, w: 1 / 3, h: 1 / 3 });
}
