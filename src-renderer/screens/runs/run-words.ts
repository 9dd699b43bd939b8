import type { Run } from "../../../shared/contract/audits.ts";
import { methods } from "../../../shared/domain/methods.ts";
import type { Target } from "../../../shared/domain/target.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/** "Run 3, Grad-CAM++". */
export function runName(run: Run): string {
  return message("runs.named", { no: run.no, method: methods[run.method].label });
}

/** "10 × 10 map". */
export function mapWords(run: Run): string {
  return message("runs.map", { grid: `${run.tap.grid[1]} × ${run.tap.grid[2]}` });
}

/** "predicted", or the chosen class by name. */
export function targetWords(target: Target, classNames: readonly string[]): string {
  if (target.kind === "class") return classNames[target.index] ?? String(target.index);
  return message(`runs.target.short.${target.kind}`);
}
