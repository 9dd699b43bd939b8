import type { Column } from "../../shared/contract/audits.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { ColumnCache } from "../review/column-cache.ts";
import { AuditDatabase, type CachedColumn } from "../review/database.ts";
import { groupOf, loadColumn, readColumn, wordOf } from "./load.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { Filter } from "./query.ts";
import type { SortRule } from "./sort.ts";
import { ColumnStore } from "./store.ts";
import { flagsColumn } from "./table.ts";

/**
 * The one worker that filters, counts and sorts. It fetches the columns itself, so that their bytes never pass through
 * the thread that paints.
 */
interface Opened {
  readonly auditId: AuditId;
  readonly store: ColumnStore;
  readonly cache: ColumnCache;
  readonly grouped: Map<string, { column: Column; bytes: Uint8Array }>;
}

/** Bits of a mask. */
const mostFlags = 31;

let opened: Opened | null = null;
let asked: { filters: readonly Filter[]; sort: SortRule } | null = null;
let isFirst = true;

function send(message: FromWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function answer(accept: boolean): void {
  if (!opened || !asked) return;
  const result = opened.store.query(asked.filters, asked.sort, accept || isFirst);
  if (result.order) isFirst = false;
  send({ kind: "result", ...result });
}

async function load(of: Opened, columns: readonly Column[]): Promise<void> {
  await Promise.all(columns.map((column) => loadOne(of, column)));
  if (opened !== of) return;
  send({ kind: "columns", facts: of.store.facts(), isWhole: true });
  answer(false);
}

async function loadOne(of: Opened, column: Column): Promise<void> {
  const group = groupOf(column);
  const fetchNo = of.store.beginFetch(group ?? column.id);
  try {
    const bytes = await loadColumn(of.auditId, column, {
      cache: of.cache,
      fetch: (path, headers) => fetch(path, { headers, credentials: "same-origin" }),
      onfirst: (cached) => put(of, column, group, cached, fetchNo),
    });
    put(of, column, group, bytes, fetchNo);
  } catch (cause) {
    send({ kind: "failed", column: column.id, why: String(cause) });
  }
}

function put(
  of: Opened,
  column: Column,
  group: string | null,
  cached: CachedColumn,
  fetchNo: number,
): void {
  const { store, grouped } = of;
  if (group === null) {
    const words = column.kind === "bitset" ? [column.id] : column.dictionary;
    store.put(column.id, words, readColumn(column, cached, store.items), fetchNo);
    return;
  }
  grouped.set(column.id, { column, bytes: new Uint8Array(cached.bytes) });
  const members = [...grouped.values()]
    .filter((one) => groupOf(one.column) === group)
    .slice(0, mostFlags);
  const words = members.map((one) => wordOf(one.column));
  const bitsets = members.map((one) => one.bytes);
  store.put(group, words, flagsColumn(bitsets, store.items), store.beginFetch(group));
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case "open": {
      const cache = new ColumnCache(new AuditDatabase(data.auditId));
      const store = new ColumnStore(data.items);
      opened = { auditId: data.auditId, store, cache, grouped: new Map() };
      isFirst = true;
      void load(opened, data.columns);
      return;
    }
    case "columns":
      if (opened) void load(opened, data.columns);
      return;
    case "query":
      asked = { filters: data.filters, sort: data.sort };
      answer(data.accept);
      return;
    case "overlay":
      opened?.store.overlay(data.id, data.column, data.items, data.code);
      answer(false);
      return;
    case "settle":
      opened?.store.settle(data.id);
      return;
    case "drop":
      opened?.store.drop(data.id);
      answer(false);
      return;
    case "codes": {
      const codes = opened?.store.codes(data.column, data.items) ?? new Uint16Array();
      send({ kind: "codes", seq: data.seq, codes }, [codes.buffer]);
      return;
    }
  }
});
