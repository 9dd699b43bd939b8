import { lockedRanges } from "../../../shared/domain/bench.ts";
import type { DisplayRange } from "../../../shared/heatmap/scaling.ts";

export interface PaneRange {
  readonly range: DisplayRange;
  /** Multiple of the 99th percentile at which a locked scale ends; null where the pane has its own. */
  readonly multiple: number | null;
}

/**
 * The display range of each pane: locked, all end at the same multiple of their own 99th percentile; else each runs from 0
 * to its own maximum. A threshold is a share of the range, so a contour means the same in all panes of a locked scale.
 */
export function paneRanges(
  panes: readonly { readonly rawMax: number; readonly rawP99: number }[],
  scale: "locked" | "own",
): readonly PaneRange[] {
  if (scale === "own")
    return panes.map(({ rawMax }) => ({
      range: { low: 0, high: Math.max(0, rawMax) },
      multiple: null,
    }));
  const multiples = panes.map(({ rawMax, rawP99 }) => (rawP99 > 0 ? rawMax / rawP99 : 0));
  const multiple = Math.max(0, ...multiples);
  return lockedRanges(panes).map((range) => ({ range, multiple }));
}
