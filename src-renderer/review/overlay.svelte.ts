import { z } from "zod";
import { overlayModes, type OverlayMode } from "../../shared/domain/review.ts";
import { colourMapIds, type ColourMapId } from "../../shared/heatmap/colour-maps.ts";
import type { Scaling } from "../../shared/heatmap/scaling.ts";
import { preferences } from "../preferences.svelte.ts";
import type { Places } from "./places.ts";

const scalingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("run-p99") }),
  z.strictObject({ kind: z.literal("item") }),
  z.strictObject({ kind: z.literal("fixed"), min: z.number(), max: z.number() }),
]);

const keptSchema = z.strictObject({
  mode: z.enum(overlayModes),
  gridMode: z.enum(["overlay", "outline", "bare"]),
  opacity: z.number().min(0).max(100),
  threshold: z.number().min(0).max(100),
  colours: z.enum(colourMapIds),
  scaling: scalingSchema,
  isSmooth: z.boolean(),
  isGaussian: z.boolean().default(false),
  followsValue: z.boolean(),
  swipe: z.number().min(0).max(100),
});

export type GridMode = z.infer<typeof keptSchema>["gridMode"];
export const gridModes: readonly GridMode[] = ["overlay", "outline", "bare"];

/** How maps are shown: one setting for Grid and Review, kept for the next time. Opacity and threshold are 0 to 100. */
export class Overlay {
  mode = $state<OverlayMode>(preferences.values.mode);
  gridMode = $state<GridMode>("overlay");
  opacity = $state(preferences.values.opacity);
  threshold = $state(35);
  colours = $state<ColourMapId>(preferences.values.colours);
  scaling = $state.raw<Scaling>({ kind: "run-p99" });
  isSmooth = $state(preferences.values.enlargement === "smooth");
  /** Smooth, and drawn with a Gaussian over what each cell sees, where that is known. */
  isGaussian = $state(false);
  /** Opacity grows with the value; constant by default, so that a view can be recorded exactly. */
  followsValue = $state(false);
  /** Where the swipe divider stands, in hundredths of the pane. */
  swipe = $state(50);

  #lastMode: OverlayMode = "overlay";
  #lastGridMode: GridMode = "overlay";

  /** Takes up what was kept, and keeps every change from then on. */
  async follow(places: Places): Promise<() => void> {
    const kept = await places.read("overlay", keptSchema);
    if (kept) Object.assign(this, kept);
    return $effect.root(() => {
      $effect(() => places.keep("overlay", this.kept()));
    });
  }

  kept(): z.infer<typeof keptSchema> {
    const { mode, gridMode, opacity, threshold, colours, scaling } = this;
    const { isSmooth, isGaussian, followsValue, swipe } = this;
    const look = { opacity, threshold, colours, scaling, isSmooth, isGaussian, followsValue };
    return { mode, gridMode, ...look, swipe };
  }

  /** The next mode of Review's six, or the one before. */
  cycle(step: 1 | -1): void {
    this.mode = next(overlayModes, this.mode, step);
  }

  cycleGrid(step: 1 | -1): void {
    this.gridMode = next(gridModes, this.gridMode, step);
  }

  /** Map off, and back to the mode it was in. */
  toggleMap(): void {
    if (this.mode === "bare") this.mode = this.#lastMode;
    else {
      this.#lastMode = this.mode;
      this.mode = "bare";
    }
  }

  toggleGridMap(): void {
    if (this.gridMode === "bare") this.gridMode = this.#lastGridMode;
    else {
      this.#lastGridMode = this.gridMode;
      this.gridMode = "bare";
    }
  }

  setOpacity(value: number): void {
    this.opacity = clamped(value);
  }

  setThreshold(value: number): void {
    this.threshold = clamped(value);
  }

  enlarge(how: "smooth" | "blocky" | "gaussian"): void {
    this.isSmooth = how !== "blocky";
    this.isGaussian = how === "gaussian";
  }

  /** The scaling in one word, as a verdict's view state records it. */
  scalingWord(): string {
    const { scaling } = this;
    return scaling.kind === "fixed" ? `fixed ${scaling.min} ${scaling.max}` : scaling.kind;
  }
}

function next<T>(all: readonly T[], now: T, step: 1 | -1): T {
  return all[(all.indexOf(now) + step + all.length) % all.length];
}

function clamped(value: number): number {
  return Math.min(100, Math.max(0, Math.round(value)));
}
