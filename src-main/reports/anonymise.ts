import { message } from "../../shared/messages/catalogue.ts";
import type { ReportData, ReportItem } from "./report-data.ts";

/**
 * The data with names of files and folders replaced by item numbers, unless they are kept on purpose. What the audit itself
 * wrote down (its notes, the record's entries without a person, errors) is searched for them; people's own words are not.
 */
export function withoutNames(data: ReportData): ReportData {
  if (data.keepNames) return data;
  const replace = replacer(data.items);
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return replace(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deep(one)]));
  };
  const same = <T>(value: T) => deep(value) as T; // only texts change
  return {
    ...data,
    audit: { ...data.audit, notes: data.audit.notes.map(replace) },
    summary: data.summary && {
      ...data.summary,
      suspects: data.summary.suspects.map((one) => ({ ...one, path: itemName(one.item) })),
    },
    items: data.items.map((item) => ({
      ...item,
      path: itemName(item.no),
      error: same(item.error),
      facets: same(item.facets),
    })),
    record: data.record.map((entry) =>
      entry.readerId === null
        ? { ...entry, before: same(entry.before), after: same(entry.after) }
        : entry,
    ),
  };
}

function itemName(no: number): string {
  return message("document.item", { no });
}

/** Words that are a path or a file name become item numbers, also names of several words and within quotes. */
function replacer(items: readonly ReportItem[]): (text: string) => string {
  const known = new Map<string, number>();
  let mostWords = 1;
  for (const { no, path } of items) {
    known.set(path, no).set(baseName(path), no);
    mostWords = Math.max(mostWords, path.split(/\s+/).length);
  }
  const find = (name: string) => known.get(name) ?? known.get(baseName(name));
  return (text) => {
    const parts = text.split(/(\s+)/); // words at even places, what parts them at odd ones
    let out = "";
    for (let i = 0; i < parts.length; i += 2) {
      let taken = 1;
      let said = parts[i];
      for (let words = Math.min(mostWords, (parts.length - i + 1) / 2); words > 0; words--) {
        const candidate = parts.slice(i, i + 2 * words - 1).join("");
        const [, before, name, after] = inQuotes.exec(candidate) ?? [];
        const no = find(name);
        if (no === undefined) continue;
        taken = 2 * words - 1;
        said = `${before}${itemName(no)}${after}`;
        break;
      }
      out += said + (parts[i + taken] ?? "");
      i += taken - 1;
    }
    return out;
  };
}

/** A name, and the signs round it. */
const inQuotes = /^(["'“”„‘’(]*)([^]*?)(["'“”‘’),;:]*)$/;

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
