import type { Reader } from "../../../shared/contract/library.ts";
import type { ReaderId } from "../../../shared/domain/ids.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/** A stratum in words: its key lists, "nodule / right"; of a merged one the first and how many more. */
export function cellWords(cells: readonly (readonly string[])[]): string {
  const [first = [], ...more] = cells.map((cell) =>
    cell.map((key) => key || message("plan.random.unknown")),
  );
  const words = first.join(" / ");
  return more.length === 0
    ? words
    : message("plan.random.merged", { first: words, n: more.length });
}

/** Somebody's name in the audit. */
export function nameOf(readers: readonly Reader[], id: ReaderId | null): string {
  return readers.find((reader) => reader.id === id)?.name ?? message("plan.progress.anyone");
}
