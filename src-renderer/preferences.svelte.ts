import { z } from "zod";
import { overlayModes } from "../shared/domain/review.ts";
import { colourMapIds } from "../shared/heatmap/colour-maps.ts";

const KEY = "hansight.preferences";
/** Tests under Node have none. */
const storage = typeof localStorage === "undefined" ? null : localStorage;

export const densities = ["compact", "usual", "roomy"] as const;
export const enlargements = ["smooth", "blocky"] as const;
export const advanceLimits = {
  verdictMs: { least: 0, most: 5000 },
  reasonMs: { least: 0, most: 10_000 },
} as const;
export const aheadLimits = { least: 0, most: 20 } as const;

const schema = z.object({
  startPage: z.enum(["left", "library"]),
  dates: z.enum(["words", "iso"]),
  density: z.enum(densities),
  motion: z.enum(["system", "none"]),
  /** How maps of an audit that nobody has looked at yet are shown. */
  mode: z.enum(overlayModes),
  opacity: z.int().min(0).max(100),
  colours: z.enum(colourMapIds),
  enlargement: z.enum(enlargements),
  /** `near`: beyond four device pixels to a pixel of the file its pixels are drawn as squares. */
  smoothing: z.enum(["near", "always", "never"]),
  advances: z.boolean(),
  /** Milliseconds from a verdict, or from a first reason, to the next picture. */
  verdictMs: z.int().min(advanceLimits.verdictMs.least).max(advanceLimits.verdictMs.most),
  reasonMs: z.int().min(advanceLimits.reasonMs.least).max(advanceLimits.reasonMs.most),
  /** Pictures behind the one in view that are made ready. */
  ahead: z.int().min(aheadLimits.least).max(aheadLimits.most),
  /** Keys chosen for commands, by id, as the key list writes them; a command that is not named has its usual ones. */
  keys: z.record(z.string(), z.array(z.string().max(40)).max(4)),
});
export type PreferenceValues = Readonly<z.infer<typeof schema>>;

export const usualPreferences: PreferenceValues = {
  startPage: "left",
  dates: "words",
  density: "usual",
  motion: "system",
  mode: "overlay",
  opacity: 45,
  colours: "viridis",
  enlargement: "smooth",
  smoothing: "near",
  advances: true,
  verdictMs: 250,
  reasonMs: 900,
  ahead: 3,
  keys: {},
};

/** What a stored text gives: each value that is not one of ours is the usual one. */
export function readPreferences(text: string | null): PreferenceValues {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "{}");
  } catch {
    return usualPreferences; // damaged: the usual ones
  }
  const entries = typeof kept === "object" && kept !== null ? Object.entries(kept) : [];
  const fine = entries.filter(([key, value]) => {
    const field = Object.entries(schema.shape).find(([name]) => name === key)?.[1];
    return field?.safeParse(value).success ?? false;
  });
  return { ...usualPreferences, ...Object.fromEntries(fine) };
}

/**
 * Settings of the window, whoever works in it. They lie in the browser's storage that can be read before the first picture
 * is drawn: nothing is drawn once as it should not be. Only what differs from the usual is kept.
 */
export class Preferences {
  values = $state.raw(readPreferences(storage?.getItem(KEY) ?? null));

  set(change: Partial<PreferenceValues>): void {
    this.values = { ...this.values, ...change };
    const usual: Readonly<Record<string, unknown>> = { ...usualPreferences };
    const chosen = Object.entries(this.values).filter(([key, value]) => value !== usual[key]);
    storage?.setItem(KEY, JSON.stringify(Object.fromEntries(chosen)));
  }
}

export const preferences = new Preferences();
