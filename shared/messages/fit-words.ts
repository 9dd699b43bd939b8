import type { FitFacts } from "../domain/fit.ts";
import { message } from "./catalogue.ts";

/** What a run's method learnt before its maps, and how well: the same sentence in window, command line and report. */
export function fitWords(
  { source, items, vectors, classes, heldOut, base, mix }: FitFacts,
  classNames: readonly string[],
): string {
  const out = classNames.length - classes.length;
  return [
    message(`runs.fit.${source}`, { items, vectors, classes: classes.length }),
    message("runs.fit.heldOut", { right: heldOut.right, of: heldOut.n }),
    ...(base ? [message("runs.fit.base", { right: base.right })] : []),
    ...(out > 0 ? [message("runs.fit.left", { n: out })] : []),
    message(`runs.fit.mix.${mix}`),
  ].join(". ");
}
