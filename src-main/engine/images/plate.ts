import type { EvidenceSource } from "../../../shared/domain/evidence.ts";
import type { SeenArea } from "../../../shared/domain/preparation.ts";
import type { ReceptiveField } from "../../../shared/domain/receptive-field.ts";
import { regionKinds, type RegionKind, type Shape } from "../../../shared/domain/review.ts";
import { rectOfSeen } from "../../../shared/geometry/frame.ts";
import { blendHeat, drawMap, type HeatView } from "../../../shared/heatmap/blend.ts";
import { colourMapOf } from "../../../shared/heatmap/colour-maps.ts";
import { canvasOf, fromCanvas, type Canvas } from "./canvas.ts";
import type { DecodedImage } from "./decode.ts";
import { sharp } from "./sharp.ts";
import { drawLines, linesOfEvidence, linesOfShape, type RegionLine } from "./region-lines.ts";

/** A raw map and where it lies on its picture, in picture pixels. */
export interface PlacedMap {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly seen: SeenArea;
  /** What its cells see: where given, it is drawn with Gaussians over that, else smoothly. */
  readonly field?: ReceptiveField | null;
}

/** How a map is drawn; `min` and `max` are raw values. */
export interface PlateView {
  readonly colours: string;
  readonly opacity: number;
  readonly threshold: number;
  readonly min: number;
  readonly max: number;
}

export interface PlateInput {
  readonly path: string;
  readonly size: number;
  readonly map: PlacedMap | null;
  readonly evidence: EvidenceSource | null;
  readonly shapes: readonly { readonly kind: string; readonly shape: Shape }[];
  readonly view: PlateView;
}

/** Three squares of `size` pixels, JPEG. Without a map there are no map and no overlay. */
export interface Plate {
  readonly image: Uint8Array;
  readonly map: Uint8Array | null;
  readonly overlay: Uint8Array | null;
}

/**
 * The report's image | map | overlay: the picture in the middle of a white square, regions on image and overlay, not
 * on the map. On the map what the model did not see is grey.
 */
export async function plate(
  input: PlateInput,
  source: string | DecodedImage = input.path,
): Promise<Plate> {
  const canvas = await canvasOf(source, input.size);
  const lines = await regionLines(input, canvas);
  const image = await squared(canvas, canvas.rgba, input.size, lines);
  if (!input.map) return { image, map: null, overlay: null };
  const { width, height } = canvas;
  const seen = rectOfSeen(input.map.seen, fullSize(canvas));
  const view = heatView(input.view);
  const overlay = blendHeat(canvas.rgba, width, height, input.map, seen, view);
  const map = onUnseen(drawMap(width, height, input.map, seen, view));
  return {
    image,
    map: await squared(canvas, map, input.size, []),
    overlay: await squared(canvas, overlay, input.size, lines),
  };
}

/** A view as `shared/heatmap` takes it; an unknown colour map is drawn as the default one. */
export function heatView(view: PlateView): HeatView {
  return {
    colours: colourMapOf(view.colours),
    range: { low: view.min, high: view.max },
    opacity: view.opacity,
    threshold: view.threshold,
    isSmooth: true,
  };
}

/** The whole picture's size, as the geometry takes it. */
export function fullSize({ fullWidthPx, fullHeightPx }: Canvas) {
  return { width: fullWidthPx, height: fullHeightPx };
}

async function regionLines(input: PlateInput, canvas: Canvas): Promise<RegionLine[]> {
  const { fullWidthPx: widthPx, fullHeightPx: heightPx, orientation } = canvas;
  const picture = { widthPx, heightPx, orientation };
  const evidence = input.evidence ? await linesOfEvidence(input.evidence, picture) : [];
  const marked = input.shapes.flatMap(({ kind, shape }) =>
    isRegionKind(kind) ? [linesOfShape(kind, shape)] : [],
  );
  return [...evidence, ...marked];
}

const unseenGrey = 221;

function onUnseen(rgba: Uint8ClampedArray): Uint8ClampedArray {
  for (let i = 0; i < rgba.length; i += 4)
    if (rgba[i + 3] === 0) rgba.fill(unseenGrey, i, i + 3).fill(255, i + 3, i + 4);
  return rgba;
}

async function squared(
  canvas: Canvas,
  drawn: Uint8ClampedArray,
  size: number,
  lines: readonly RegionLine[],
): Promise<Uint8Array> {
  const { width, height } = canvas;
  // One unit is a printed point's third at 300 dots an inch, a pixel on a screen.
  const svg = drawLines(lines, width, height, size / 400);
  const layers = lines.length > 0 ? [{ input: Buffer.from(svg), left: 0, top: 0 }] : [];
  const picture = await fromCanvas(canvas, drawn).composite(layers).png().toBuffer();
  return sharp(picture)
    .resize(size, size, { fit: "contain", background: "white" })
    .removeAlpha()
    .jpeg({ quality: 93, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

function isRegionKind(kind: string): kind is RegionKind {
  return regionKinds.some((known) => known === kind);
}
