import type { Run } from "../../../shared/contract/audits.ts";
import { methods } from "../../../shared/domain/methods.ts";
import type { Target } from "../../../shared/domain/target.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/** "Run 3, Grad-CAM++". */
export function runName(run: Run): string {
  return message("runs.named", { no: run.no, method: methods[run.method].label });
}

/** "10 × 10 map"; "20 × 20 map of 2 layers" where several became one. */
export function mapWords({ tap }: Pick<Run, "tap">): string {
  const grid = `${tap.grid[1]} × ${tap.grid[2]}`;
  if (!tap.fusion) return message("runs.map", { grid });
  return message("runs.mapOfLayers", { grid, n: tap.fusion.taps.length });
}

/** "predicted", or the chosen class by name. */
export function targetWords(target: Target, classNames: readonly string[]): string {
  if (target.kind === "class") return classNames[target.index] ?? String(target.index);
  return message(`runs.target.short.${target.kind}`);
}
