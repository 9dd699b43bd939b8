import {
  hounsfieldRange,
  windowPresets,
  type PictureWindow,
} from "../../shared/domain/picture-window.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { toRgb } from "./colour.ts";
import { Damage } from "./damage.ts";
import type { DicomImage, StoredFrame } from "./file.ts";
import type { GreyScale, Window } from "./grey-scale.ts";
import type { Overlay } from "./overlays.ts";
import { automaticRange, inUnits, isPadding, tabled, windowBetween, windowed } from "./window.ts";

/** A frame as it is shown: 8-bit greys or RGB, `[height, width, channels]`. */
export interface RenderedFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
  /** What made the greys; null for colours. */
  readonly by:
    "stored window" | "stored table" | "chosen window" | "full range" | "automatic" | null;
  readonly window: Window | null;
}

export interface RenderOptions {
  /** In units; without it `by`. */
  readonly window?: Window;
  /** How the window is chosen; without it as the file states. */
  readonly by?: PictureWindow;
  /** Paints overlays white. They may hold names, so nobody gets them unasked. */
  readonly withOverlays?: boolean;
  /** Turns the greys over, on top of MONOCHROME1. */
  readonly isInverted?: boolean;
}

/** Renders one frame, counted from 0. */
export async function renderFrame(
  image: DicomImage,
  number: number,
  options: RenderOptions = {},
): Promise<RenderedFrame> {
  const frame = await image.frame(number);
  const rendered =
    frame.photometric === "MONOCHROME1" || frame.photometric === "MONOCHROME2"
      ? grey(image, frame, number, options)
      : colour(image, frame, number);
  if (options.isInverted) for (let i = 0; i < rendered.data.length; i++) rendered.data[i] ^= 255;
  if (options.withOverlays) for (const overlay of image.overlays(number)) paint(rendered, overlay);
  return rendered;
}

function grey(
  image: DicomImage,
  frame: StoredFrame,
  number: number,
  { window, by: way = { kind: "stored" } }: RenderOptions,
): RenderedFrame {
  const scale = image.greyScale(number);
  const units = inUnits(frame.values, scale);
  const chosen = choice(image, frame, scale, units, window, way);
  const data = chosen.table ? tabled(units, chosen.table) : windowed(units, chosen.window);
  const isInverse =
    image.dataSet.text(0x20500020) === "INVERSE" || frame.photometric === "MONOCHROME1";
  if (isInverse) for (let i = 0; i < data.length; i++) data[i] ^= 255;
  // Padding is background: black, however the picture is read.
  if (scale.padding)
    for (let i = 0; i < data.length; i++)
      if (isPadding(frame.values[i], scale.padding)) data[i] = 0;
  const { widthPx, heightPx } = frame;
  const { by } = chosen;
  return { widthPx, heightPx, channels: 1, data, by, window: chosen.table ? null : chosen.window };
}

function choice(
  { layout, facts }: DicomImage,
  { values }: StoredFrame,
  scale: GreyScale,
  units: ReturnType<typeof inUnits>,
  chosen: Window | undefined,
  way: PictureWindow,
) {
  if (chosen) return { by: "chosen window", window: chosen, table: null } as const;
  if (way.kind === "preset" || way.kind === "fixed") {
    const { centre, width } = way.kind === "preset" ? windowPresets[way.id] : way;
    const window: Window = { centre, width, kind: "linear", name: "" };
    return { by: "chosen window", window, table: null } as const;
  }
  const isStored = layout.number === "integer" && layout.bitsStored <= 16;
  if (way.kind === "modality" && (facts.modality === "CT" || isStored)) {
    const range = facts.modality === "CT" ? hounsfieldRange : storableRange(layout, scale);
    return { by: "full range", window: windowBetween(...range), table: null } as const;
  }
  const automatic = () => {
    const range = automaticRange(values, units, scale.padding) ?? [0, 1];
    return { by: "automatic", window: windowBetween(...range), table: null } as const;
  };
  if (way.kind !== "stored") return automatic(); // values whose range nothing states have none but their own
  const [window] = scale.windows;
  if (window) return { by: "stored window", window, table: null } as const;
  const [table] = scale.voiTables;
  if (table) return { by: "stored table", window: windowBetween(0, 1), table } as const;
  if (layout.number === "integer" && layout.bitsStored <= 8 && !layout.isSigned) {
    const full = windowBetween(...storableRange(layout, scale));
    return { by: "full range", window: full, table: null } as const;
  }
  return automatic();
}

/** The lowest and highest value in units that the stored bits can hold. */
function storableRange(
  { bitsStored, isSigned }: DicomImage["layout"],
  scale: GreyScale,
): readonly [low: number, high: number] {
  const low = isSigned ? -(2 ** (bitsStored - 1)) : 0;
  const ends = inUnits(new Int32Array([low, low + 2 ** bitsStored - 1]), scale);
  return [Math.min(...ends), Math.max(...ends)];
}

function colour(image: DicomImage, frame: StoredFrame, number: number): RenderedFrame {
  const { widthPx, heightPx } = frame;
  try {
    const data = toRgb(frame, image.dataSet, image.layout.bitsStored).slice();
    return { widthPx, heightPx, channels: 3, data, by: null, window: null };
  } catch (cause) {
    if (!(cause instanceof Damage)) throw cause;
    const { file } = image;
    return fail("dicom/frame-unreadable", { file, frame: number, why: cause.why }, { cause });
  }
}

function paint({ data, widthPx, heightPx, channels }: RenderedFrame, overlay: Overlay): void {
  for (let y = 0; y < overlay.rows; y++) {
    const row = y + overlay.top;
    if (row < 0 || row >= heightPx) continue;
    for (let x = 0; x < overlay.columns; x++) {
      const column = x + overlay.left;
      if (column < 0 || column >= widthPx || overlay.plane[y * overlay.columns + x] === 0) continue;
      const at = (row * widthPx + column) * channels;
      data.fill(255, at, at + channels);
    }
  }
}
