import type { Column } from "../../shared/contract/audits.ts";
import { bytesPaths } from "../../shared/contract/bytes.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import type { ColumnCache } from "../review/column-cache.ts";
import type { CachedColumn } from "../review/database.ts";
import { choiceColumn, flagsColumn, rangeColumn, type TableColumn } from "./table.ts";

export type FetchBytes = (path: string, headers: Record<string, string>) => Promise<Response>;

/**
 * The bytes of a column: what the cache has under the same ETag, else the store's. `onfirst` is called with the cached
 * bytes before the network is asked, so that an audit reopens at once.
 */
export async function loadColumn(
  auditId: AuditId,
  column: Column,
  deps: { cache: ColumnCache; fetch: FetchBytes; onfirst?: (cached: CachedColumn) => void },
): Promise<CachedColumn> {
  const path = bytesPaths.column(auditId, column.run, column.id);
  const cached = await deps.cache.get(path);
  if (cached) deps.onfirst?.(cached);
  const response = await deps.fetch(path, cached ? { "if-none-match": cached.etag } : {});
  if (response.status === 304 && cached) return cached;
  if (!response.ok) throw new Error(`${response.status} for column ${column.id}`);
  const fresh: CachedColumn = {
    key: path,
    etag: response.headers.get("etag") ?? "",
    shape: response.headers.get("x-shape") ?? "",
    bytes: await response.arrayBuffer(),
  };
  if (fresh.etag) void deps.cache.put(fresh);
  return fresh;
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

/** Bitsets named `reason:<word>` and `queue:<id>` are one facet of many words each; the single ones are "flags". */
export function groupOf(column: Column): string | null {
  if (column.kind !== "bitset") return null;
  const prefix = /^(reason|queue):/.exec(column.id)?.[1];
  return prefix ?? (flags.some((flag) => flag === column.id) ? "flags" : null);
}

/** The word a grouped bitset stands for. */
export function wordOf(column: Column): string {
  return column.id.replace(/^(reason|queue):/, "");
}
