import type { Size } from "../heatmap/view.ts";

/** Longer sides that pictures are asked for in, so that a small change of zoom asks for nothing new. */
const steps = [512, 1024, 2048, 4096] as const;

/** The smallest step that is sharp at this zoom: as many pixels as the screen shows of it, never more than it has. */
export function pictureSizeFor(picture: Size, pane: Size, zoom: number, dpr: number): number {
  const own = Math.max(picture.width, picture.height);
  const shown = own * zoom * dpr;
  const pixels = Math.min(own, Math.max(shown, Math.min(pane.width, pane.height) * dpr));
  return steps.find((step) => step >= pixels) ?? steps[steps.length - 1];
}
