import { message } from "../../../shared/messages/catalogue.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import type { ReportItem } from "../report-data.ts";
import type { Words } from "./document.ts";
import { hashOf } from "./numbers.ts";

/** How the document calls items: by file name where that says which file it is, else by path. */
export function itemNames(items: readonly ReportItem[]): (no: ItemNo) => string {
  const uses = new Map<string, number>();
  for (const { path } of items) uses.set(baseName(path), (uses.get(baseName(path)) ?? 0) + 1);
  const byNo = new Map(
    items.map(({ no, path }) => [no, uses.get(baseName(path)) === 1 ? baseName(path) : path]),
  );
  return (no) => breakable(inMiddle(byNo.get(no) ?? message("document.item", { no })));
}

/** Long words get places where a line may break: after a separator, else every 24 letters. */
export function breakable(text: string): string {
  return text.replace(/\S{25,}/g, (word) =>
    word
      .split(/(?<=[/\\_.-])/)
      .map((part) => part.replace(/.{24}(?=.)/gsu, `$&${breakHere}`))
      .join(breakHere),
  );
}

const breakHere = "\u200b";

/** A sentence of the product as the report sets it: a narrow space that does not break before every %. */
export function sentence(text: string): string {
  return breakable(text.replace(/(\d) %/g, "$1\u202f%"));
}

/** A text on one line, cut after so many letters. */
export function cutShort(text: string, letters: number): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > letters ? `${line.slice(0, letters).trimEnd()}…` : line;
}

const nameLetters = 64;

/** Both ends of a long name: its beginning, and its number and ending. The whole of it stands in items.csv. */
function inMiddle(name: string): string {
  if (name.length <= nameLetters) return name;
  const half = nameLetters / 2 - 1;
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

/** `breakable` taken back. */
export function unbroken(text: string): string {
  return text.replaceAll(breakHere, "");
}

/** A text of a person, or that it was left out. */
export function stated(text: string): Words {
  const written = text.trim();
  return written ? breakable(written) : muted(message("document.not-stated"));
}

/** Words that stand back. */
export function muted(text: string): Words {
  return { text, tone: "muted" };
}

/** A whole hash, small enough to stand on one line. */
export function hash(sha256: string): Words {
  return { text: hashOf(sha256), tone: "hash" };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
