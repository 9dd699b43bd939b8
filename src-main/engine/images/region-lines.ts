import type { EvidenceSource } from "../../../shared/domain/evidence.ts";
import type { RegionKind, Shape } from "../../../shared/domain/review.ts";
import { cellsOf } from "../../../shared/geometry/cells.ts";
import { uprightRect } from "../../../shared/geometry/box.ts";
import { ringOfEllipse } from "../../../shared/geometry/ellipse.ts";
import { contours } from "../../../shared/heatmap/contour.ts";
import { evidenceMask, fitted, type PictureSize } from "./evidence.ts";

/** A region's outline: rings in picture fractions, drawn in its kind's line. */
export interface RegionLine {
  readonly kind: RegionKind;
  readonly rings: readonly (readonly number[])[];
}

/** Outlines of marked shapes. */
export function linesOfShape(kind: RegionKind, shape: Shape): RegionLine {
  if (shape.kind === "polygon") return { kind, rings: shape.rings };
  const box = uprightRect(shape);
  if (shape.kind === "ellipse") return { kind, rings: [ringOfEllipse(box)] };
  const { x, y, w, h } = box;
  return { kind, rings: [[x, y, x + w, y, x + w, y + h, x, y + h]] };
}

/** Longer side of the grid on which a mask's outline is followed: half a printed point. */
const outlineSide = 256;

/** Outlines of evidence: shapes as they are, masks followed at half coverage. */
export async function linesOfEvidence(
  evidence: EvidenceSource,
  picture: PictureSize,
): Promise<RegionLine[]> {
  if (evidence.kind === "shapes")
    return evidence.shapes.map((shape) => linesOfShape("evidence", shape));
  const mask = await evidenceMask(evidence, picture);
  const grid = fitted({ widthPx: mask.width, heightPx: mask.height }, outlineSide);
  const values = cellsOf(mask, { x: 0, y: 0, width: mask.width, height: mask.height }, mask, grid);
  return [{ kind: "evidence", rings: contours({ values, ...grid }, 0.5, 1) }];
}

const strokes: Readonly<Record<RegionKind, { colour: string; dash: readonly number[] }>> = {
  evidence: { colour: "#6FB6FF", dash: [] },
  shortcut: { colour: "#FF7A45", dash: [6, 4] },
  ignore: { colour: "#D0D0D0", dash: [1, 3] },
  identity: { colour: "#FFFFFF", dash: [] },
};

/**
 * Lines as an SVG of `width × height`: each 2 units inside a halo of 1 unit on both sides, so that it is seen on any
 * picture and any heat. Identity is hatched black.
 */
export function drawLines(
  lines: readonly RegionLine[],
  width: number,
  height: number,
  unit: number,
): string {
  const drawn = lines.map(({ kind, rings }) => {
    const path = rings.map((ring) => pathOf(ring, width, height)).join("");
    const { colour, dash } = strokes[kind];
    const dashes = dash.map((part) => part * unit).join(" ");
    const fill = kind === "identity" ? "url(#hatch)" : "none";
    return (
      `<path d="${path}" fill="${fill}" fill-rule="evenodd" stroke="#0B0B0B" stroke-opacity="0.9" ` +
      `stroke-width="${4 * unit}" stroke-linejoin="round"/>` +
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${2 * unit}" ` +
      `stroke-linejoin="round" stroke-dasharray="${dashes || "none"}"/>`
    );
  });
  const step = 6 * unit;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<defs><pattern id="hatch" width="${step}" height="${step}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="rotate(45)"><rect width="${2 * unit}" height="${step}" fill="#0B0B0B"/>` +
    `</pattern></defs>${drawn.join("")}</svg>`
  );
}

function pathOf(ring: readonly number[], width: number, height: number): string {
  const points: string[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2)
    points.push(`${(ring[i] * width).toFixed(2)} ${(ring[i + 1] * height).toFixed(2)}`);
  return points.length > 0 ? `M${points.join("L")}Z` : "";
}
