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

/** Words that are a path, a file name or a file name without its ending become item numbers. */
function replacer(items: readonly ReportItem[]): (text: string) => string {
  const known = new Map<string, number>();
  const spaced: [name: string, no: number][] = [];
  for (const { no, path } of items) {
    const base = path.slice(path.lastIndexOf("/") + 1);
    for (const name of [path, base]) {
      known.set(name, no);
      if (/\s/.test(name)) spaced.push([name, no]);
    }
  }
  return (text) => {
    const whole = known.get(text);
    if (whole !== undefined) return itemName(whole);
    let left = text;
    for (const [name, no] of spaced) left = left.replaceAll(name, itemName(no));
    return left.replace(/[^\s"'“”,;:()]+/g, (word) => {
      const parts = word.split(/[/\\]/);
      const no = known.get(word) ?? known.get(parts.at(-1) ?? "");
      return no === undefined ? word : itemName(no);
    });
  };
}
