import type { ReceptiveField } from "../domain/receptive-field.ts";
import { message } from "../messages/catalogue.ts";
import { colourMaps, type ColourMapId } from "./colour-maps.ts";
import { isWide } from "./field-grid.ts";
import { atShare, type DisplayRange, type Scaling } from "./scaling.ts";

export interface LegendInput {
  readonly colours: ColourMapId;
  readonly scaling: Scaling;
  readonly range: DisplayRange;
  readonly rawMin: number;
  readonly rawMax: number;
  /** Share 0..1 of the display range. */
  readonly threshold: number;
  readonly native: { readonly width: number; readonly height: number };
  /** Pixels that the map is shown on. */
  readonly shown: { readonly width: number; readonly height: number };
  readonly isSmooth: boolean;
  /** What the cells see, where the map is drawn with Gaussians over it. */
  readonly field?: ReceptiveField | null;
  readonly opacityFollowsValue?: boolean;
}

/** What a legend always says, part by part and as one line. */
export interface Legend {
  readonly low: string;
  readonly high: string;
  readonly colours: string;
  readonly scaling: string;
  /** Raw minimum and maximum of this map. */
  readonly raw: string;
  readonly threshold: string;
  /** Native size → shown size, and how it was enlarged. */
  readonly size: string;
  readonly line: string;
}

/** The facts of a legend in words: window, report and command line write the same. */
export function legendOf(input: LegendInput): Legend {
  const { scaling, range, native, shown } = input;
  const rounded = (size: { width: number; height: number }) => ({
    width: Math.round(size.width),
    height: Math.round(size.height),
  });
  const parts = {
    low: formatRaw(range.low),
    high: formatRaw(range.high),
    colours: colourMaps[input.colours].label,
    scaling: message(`heatmap.scaling.${scaling.kind}`),
    raw: message("heatmap.raw", { min: formatRaw(input.rawMin), max: formatRaw(input.rawMax) }),
    threshold: message("heatmap.threshold", {
      percent: Math.round(input.threshold * 100),
      raw: formatRaw(atShare(input.threshold, range)),
    }),
    size: enlargementWords(input, sizeWords(native), sizeWords(rounded(shown))),
  };
  const follows = input.opacityFollowsValue ? [message("heatmap.opacity-follows")] : [];
  const { colours, scaling: scaled, raw, threshold, size } = parts;
  return { ...parts, line: [colours, scaled, raw, threshold, size, ...follows].join(" · ") };
}

function enlargementWords({ isSmooth, field }: LegendInput, native: string, shown: string): string {
  if (!isSmooth || !field)
    return message(isSmooth ? "heatmap.size.smooth" : "heatmap.size.blocky", { native, shown });
  const sigma = Math.round((field.down.sigmaPx + field.across.sigmaPx) / 2);
  const input = Math.round((field.down.inputPx + field.across.inputPx) / 2);
  const how = field.isDerived ? "heatmap.size.gaussian" : "heatmap.size.gaussian-assumed";
  const words = message(how, { native, shown, sigma, input });
  return isWide(field) ? `${words} ${message("heatmap.size.gaussian-wide")}` : words;
}

/** A raw value in three significant digits, without an exponent between 0.001 and 99,999. */
export function formatRaw(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 0.001 || size >= 100_000)
    return value.toExponential(2).replace("e+", "e").replaceAll("-", "−");
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(digits))).replace("-", "−");
}

function sizeWords({ width, height }: { width: number; height: number }): string {
  return message("heatmap.size", { width, height });
}
