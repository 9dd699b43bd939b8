import type { ItemRow, RegionRow } from "../../shared/contract/audits.ts";
import { colourMaps, colourTable, type ColourMapId } from "../../shared/heatmap/colour-maps.ts";
import { contours, type Contour } from "../../shared/heatmap/contour.ts";
import { atShare, displayRange, type DisplayRange } from "../../shared/heatmap/scaling.ts";
import { drawHeat, heatCanvas } from "../heatmap/draw-heat.ts";
import type { Rect } from "../../shared/geometry/shape.ts";
import type { AuditWork } from "./audit-work.svelte.ts";
import { fieldInView, fieldMap } from "./field-map.ts";
import type { GridMode } from "./overlay.svelte.ts";
import type { RawMap } from "./pictures.ts";
import { pathOf } from "./region-shapes.ts";
import { seenRect } from "./seen.ts";

const spare = heatCanvas();

export interface ThumbLook {
  readonly mode: GridMode;
  readonly opacity: number;
  readonly threshold: number;
  readonly colours: ColourMapId;
  readonly isFaded: boolean;
  /** The map alone, whole and on flat ground. */
  readonly isMapOnly?: boolean;
  readonly regions: readonly RegionRow[];
}

/** Draws a thumbnail with its heat, the whole picture inside a square of `edge` device pixels. */
export function drawThumb(
  canvas: HTMLCanvasElement,
  edge: number,
  row: ItemRow,
  picture: ImageBitmap,
  map: RawMap | null,
  work: AuditWork,
  look: ThumbLook,
): void {
  if (canvas.width !== edge) canvas.width = edge;
  if (canvas.height !== edge) canvas.height = edge;
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = edge / Math.max(picture.width, picture.height);
  const w = picture.width * scale;
  const h = picture.height * scale;
  const x = (edge - w) / 2;
  const y = (edge - h) / 2;
  context.clearRect(0, 0, edge, edge);
  context.imageSmoothingQuality = "high";
  context.globalAlpha = look.isFaded ? 0.45 : 1;
  if (look.isMapOnly) {
    context.fillStyle = "#1c1c1c"; // the picture well
    context.fillRect(x, y, w, h);
  } else context.drawImage(picture, x, y, w, h);
  context.globalAlpha = 1;
  if (look.mode !== "bare") {
    if (map) drawMap(context, edge, { x, y, w, h }, row, picture, map, work, look);
    strokeRegions(context, { x, y, w, h }, look.regions, edge / 320);
  }
}

function drawMap(
  context: CanvasRenderingContext2D,
  edge: number,
  { x, y, w, h }: Rect,
  row: ItemRow,
  picture: ImageBitmap,
  map: RawMap,
  work: AuditWork,
  look: ThumbLook,
): void {
  const audit = work.audit.audit;
  if (!audit) return;
  const size = { width: row.width ?? picture.width, height: row.height ?? picture.height };
  const seen = seenRect(audit, work.audit.run, size);
  const onCanvas = { x: x + seen.x * w, y: y + seen.y * h, w: seen.w * w, h: seen.h * h };
  const range = rangeOf(work, map);
  const threshold = look.isMapOnly ? 0 : look.threshold / 100;
  const field = fieldInView(work.overlay, work.audit.run);
  const drawn = field ? fieldMap(map, field) : map;
  if (look.mode === "outline") {
    strokeOutline(
      context,
      drawn,
      onCanvas,
      atShare(threshold, range),
      Math.max(1, edge / 160),
      topColour(look.colours),
      field ? 1 : 3,
    );
    return;
  }
  const colours = colourTable(look.colours);
  const { isSmooth, followsValue } = work.overlay;
  const style = { colours, ...range, threshold, isSmooth, followsValue };
  drawHeat(
    context,
    spare,
    drawn,
    onCanvas,
    { x, y, w, h },
    style,
    look.isMapOnly ? 1 : look.opacity / 100,
  );
}

const regionLines = {
  evidence: { colour: "#6fb6ff", dash: [] },
  shortcut: { colour: "#ff7a45", dash: [6, 4] },
  ignore: { colour: "#d0d0d0", dash: [2, 4] },
  identity: { colour: "#ffffff", dash: [] },
} as const;

/** Regions in their own lines, inside a halo, as the large picture has them. */
function strokeRegions(
  context: CanvasRenderingContext2D,
  { x, y, w, h }: Rect,
  regions: readonly RegionRow[],
  scale: number,
): void {
  for (const { shape, kind } of regions) {
    const path = new Path2D();
    const own = new Path2D(pathOf(shape));
    path.addPath(own, new DOMMatrix([w, 0, 0, h, x, y]));
    if (kind === "identity") {
      context.fillStyle = "#0b0b0b";
      context.fill(path);
    }
    const { colour, dash } = regionLines[kind];
    context.setLineDash([]);
    context.strokeStyle = "rgb(11 11 11 / 90%)";
    context.lineWidth = 4 * scale;
    context.stroke(path);
    context.setLineDash(dash.map((length) => length * scale));
    context.strokeStyle = colour;
    context.lineWidth = 2 * scale;
    context.stroke(path);
    context.setLineDash([]);
  }
}

/** The raw values that the ends of the colours stand for, as the overlay is set now. */
export function rangeOf(work: AuditWork, map: RawMap): DisplayRange {
  const { scaling, colours } = work.overlay;
  const { rawMin, rawMax } = map;
  const runP99 = work.audit.run?.rawP99 ?? null;
  return displayRange(scaling, { rawMin, rawMax, runP99 }, colourMaps[colours].isSigned);
}

/** The colour of the highest values: an outline is drawn in it, so that it reads as heat. */
export function topColour(colours: ColourMapId): string {
  const table = colourTable(colours);
  return `rgb(${table[765]} ${table[766]} ${table[767]})`;
}

const outlines = new WeakMap<RawMap, { key: string; lines: readonly Contour[] }>();

/** The contour at `level`: a light line inside a dark halo, so that any picture will do. */
export function strokeOutline(
  context: CanvasRenderingContext2D,
  map: RawMap,
  seen: Rect,
  level: number,
  linePx: number,
  colour: string,
  perCell = 8,
): void {
  const key = `${level} ${perCell}`;
  const known = outlines.get(map);
  const lines = known?.key === key ? known.lines : contours(map, level, perCell);
  outlines.set(map, { key, lines });
  const path = new Path2D();
  for (const line of lines)
    for (let at = 0; at < line.length; at += 2) {
      const x = seen.x + line[at] * seen.w;
      const y = seen.y + line[at + 1] * seen.h;
      if (at === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
  context.lineJoin = "round";
  context.strokeStyle = "rgb(11 11 11 / 90%)";
  context.lineWidth = linePx * 2;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = linePx;
  context.stroke(path);
}
