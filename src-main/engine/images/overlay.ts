import { rectOfSeen } from "../../../shared/geometry/frame.ts";
import { blendHeat, type HeatView } from "../../../shared/heatmap/blend.ts";
import { colourTable } from "../../../shared/heatmap/colour-maps.ts";
import { fieldGrid } from "../../../shared/heatmap/field-grid.ts";
import { legendOf } from "../../../shared/heatmap/legend.ts";
import { displayRange, type Scaling } from "../../../shared/heatmap/scaling.ts";
import { canvasOf, fromCanvas } from "./canvas.ts";
import { letter } from "./lettering.ts";
import { fullSize, heatView, type PlacedMap, type PlateView } from "./plate.ts";
import { fromPixels } from "./scaled.ts";
import { sharp } from "./sharp.ts";

export interface OverlayInput {
  readonly path: string;
  readonly size: number;
  readonly map: PlacedMap;
  readonly view: PlateView;
  readonly title: string;
}

const ground = "#1C1C1C";
const ink = "#C9C9C9";
const faint = "#A6A6A6";
const margin = 12;
const barHeight = 10;

/**
 * The picture with its map over it, and under it a strip that says what the colours mean: title, colour bar with its
 * ends in raw units and a tick at the threshold, and the legend's line. PNG.
 */
export async function overlayWithLegend(input: OverlayInput): Promise<Uint8Array> {
  const canvas = await canvasOf(input.path, input.size);
  const { width, height } = canvas;
  const { map } = input;
  const view = heatView(input.view);
  const seen = rectOfSeen(map.seen, fullSize(canvas));
  const grid = map.field ? fieldGrid(map, map.field) : map;
  const picture = await fromCanvas(canvas, blendHeat(canvas.rgba, width, height, grid, seen, view))
    .png()
    .toBuffer();

  const legend = legendFor(input, view, { width: seen.w * width, height: seen.h * height });
  const inner = Math.max(160, width - 2 * margin);
  const title = await letter(input.title, 13, ink, inner);
  const low = await letter(legend.low, 11, ink, inner);
  const high = await letter(legend.high, 11, ink, inner);
  const line = await letter(legend.line, 11, faint, inner);
  const bar = await colourBar(view, inner);

  const titleTop = height + margin;
  const barTop = titleTop + title.height + 10;
  const endsTop = barTop + barHeight + 8;
  const lineTop = endsTop + Math.max(low.height, high.height) + 8;
  return sharp({
    create: {
      width: inner + 2 * margin,
      height: lineTop + line.height + margin,
      channels: 3,
      background: ground,
    },
  })
    .composite([
      { input: picture, left: Math.floor((inner + 2 * margin - width) / 2), top: 0 },
      { input: title.input, left: margin, top: titleTop },
      { input: bar, left: margin, top: barTop - 3 },
      { input: low.input, left: margin, top: endsTop },
      { input: high.input, left: margin + inner - high.width, top: endsTop },
      { input: line.input, left: margin, top: lineTop },
    ])
    .png()
    .toBuffer();
}

function legendFor(
  { map, view }: OverlayInput,
  { colours, range, threshold, isSmooth }: HeatView,
  shown: { readonly width: number; readonly height: number },
) {
  const rawMin = map.values.reduce((least, value) => Math.min(least, value), Infinity);
  const rawMax = map.values.reduce((most, value) => Math.max(most, value), -Infinity);
  const raw = { rawMin, rawMax, runP99: null };
  const isOwn = [true, false].some((isSigned) => {
    const own = displayRange({ kind: "item" }, raw, isSigned);
    return own.low === range.low && own.high === range.high;
  });
  const scaling: Scaling = isOwn
    ? { kind: "item" }
    : { kind: "fixed", min: view.min, max: view.max };
  const native = { width: map.width, height: map.height };
  const how = { isSmooth, field: map.field ?? null };
  return legendOf({ colours, scaling, range, rawMin, rawMax, threshold, native, shown, ...how });
}

/** The colours from low to high, with a white tick at the threshold. */
function colourBar({ colours, threshold }: HeatView, width: number): Promise<Buffer> {
  const table = colourTable(colours);
  const height = barHeight + 6;
  const data = new Uint8Array(width * height * 4);
  const tick = Math.round(threshold * (width - 1));
  const steps = table.length / 3;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const isTick = threshold > 0 && Math.abs(x - tick) < 1;
      const isBar = y >= 3 && y < height - 3;
      if (!isTick && !isBar) continue;
      const colour = Math.round((x / (width - 1)) * (steps - 1)) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = isTick ? 255 : table[colour + c];
      data[at + 3] = 255;
    }
  return fromPixels({ widthPx: width, heightPx: height, channels: 4, data }).png().toBuffer();
}
