import type { Column } from "../../shared/contract/audits.ts";
import type { CachedColumn } from "../review/database.ts";
import { choiceColumn, flagsColumn, rangeColumn, type TableColumn } from "./table.ts";

export type FetchBytes = (path: string, headers: Record<string, string>) => Promise<Response>;

/** The bytes of a column: those at hand when the store still has the same ETag, else the store's. */
export async function fetchColumn(
  path: string,
  cached: CachedColumn | null,
  fetchBytes: FetchBytes,
): Promise<CachedColumn> {
  const response = await fetchBytes(path, cached ? { "if-none-match": cached.etag } : {});
  if (response.status === 304 && cached) return cached;
  if (!response.ok) throw new Error(`${response.status} for ${path}`);
  return {
    key: path,
    etag: response.headers.get("etag") ?? "",
    shape: response.headers.get("x-shape") ?? "",
    bytes: await response.arrayBuffer(),
  };
}

/** Typed arrays of a column's bytes; items past its end (listed since) have no value. */
export function readColumn(column: Column, { bytes }: CachedColumn, items: number): TableColumn {
  switch (column.kind) {
    case "float32":
      return rangeColumn(filled(new Float32Array(bytes), new Float32Array(items).fill(NaN)));
    case "codes8":
      return choiceColumn(
        filled(new Uint8Array(bytes), new Uint8Array(items).fill(255)),
        column.dictionary.length,
      );
    case "codes16":
      return choiceColumn(
        filled(new Uint16Array(bytes), new Uint16Array(items).fill(65535)),
        column.dictionary.length,
      );
    case "bitset":
      return flagsColumn([new Uint8Array(bytes)], items);
  }
}

function filled<T extends Float32Array | Uint8Array | Uint16Array>(values: T, empty: T): T {
  if (values.length === empty.length) return values;
  empty.set(values.subarray(0, empty.length));
  return empty;
}

const flags = [
  "comment",
  "regions",
  "discuss",
  "weak",
  "failed",
  "missing",
  "unreadable",
  "evidence",
] as const;

/** Bitsets named `reason:<word>`, `queue:<id>` and `finding:<id>` are one facet of many words each; the single ones are "flags". */
export function groupOf(column: Column): string | null {
  if (column.kind !== "bitset") return null;
  const prefix = /^(reason|queue|finding):/.exec(column.id)?.[1];
  return prefix ?? (flags.some((flag) => flag === column.id) ? "flags" : null);
}

/** The word a grouped bitset stands for. */
export function wordOf(column: Column): string {
  return column.id.replace(/^(reason|queue|finding):/, "");
}
