import type { Column } from "../../shared/contract/audits.ts";
import { bytesPaths } from "../../shared/contract/bytes.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { ColumnCache } from "../review/column-cache.ts";
import { AuditDatabase, type CachedColumn } from "../review/database.ts";
import { sessionHeaders } from "../session.ts";
import { fetchColumn, groupOf, readColumn, wordOf } from "./load.ts";
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
let isLoaded = false;
let session: string | null = null;

function send(message: FromWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function answer(accept: boolean): void {
  if (!opened || !asked || !isLoaded) return;
  const result = opened.store.query(asked.filters, asked.sort, accept || isFirst);
  if (result.order) isFirst = false;
  send({ kind: "result", ...result });
}

/** What the last session kept is shown at once; what the store has instead replaces it. */
async function open(of: Opened, columns: readonly Column[]): Promise<void> {
  const cached = await Promise.all(columns.map((column) => of.cache.get(pathOf(of, column))));
  if (columns.length && cached.every((one) => one !== null)) {
    columns.forEach((column, at) => keep(of, column, cached[at]));
    report(of, columns, true);
  }
  await load(of, columns, true);
}

async function load(of: Opened, columns: readonly Column[], accept: boolean): Promise<void> {
  const begun = columns.map((column) => of.store.beginFetch(groupOf(column) ?? column.id));
  await Promise.all(columns.map((column, at) => loadOne(of, column, begun[at])));
  report(of, columns, accept);
}

async function loadOne(of: Opened, column: Column, begun: number): Promise<void> {
  const path = pathOf(of, column);
  try {
    const cached = await of.cache.get(path);
    const fetched = await fetchColumn(path, cached, (address, headers) =>
      fetch(address, {
        headers: { ...headers, ...sessionHeaders(session) },
        credentials: "same-origin",
      }),
    );
    if (fetched !== cached && fetched.etag) void of.cache.put(fetched);
    keep(of, column, fetched, begun);
  } catch (cause) {
    send({ kind: "failed", column: column.id, why: String(cause) });
  }
}

function pathOf(of: Opened, column: Column): string {
  return bytesPaths.column(of.auditId, column.run, encodeURIComponent(column.id));
}

function keep(of: Opened, column: Column, found: CachedColumn | null, begun = 0): void {
  if (!found) return;
  if (groupOf(column) !== null) {
    of.grouped.set(column.id, { column, bytes: new Uint8Array(found.bytes) });
    return;
  }
  const words = column.kind === "bitset" ? [column.id] : column.dictionary;
  of.store.put(column.id, words, readColumn(column, found, of.store.items), begun);
}

/** Joins the bitsets of each group that `columns` touched, then tells the window. */
function report(of: Opened, columns: readonly Column[], accept: boolean): void {
  if (opened !== of) return;
  const { store, grouped } = of;
  for (const group of new Set(columns.map(groupOf))) {
    if (group === null) continue;
    const members = [...grouped.values()]
      .filter((one) => groupOf(one.column) === group)
      .slice(0, mostFlags);
    const joined = flagsColumn(
      members.map((one) => one.bytes),
      store.items,
    );
    const words = members.map((one) => wordOf(one.column));
    store.put(group, words, joined, store.beginFetch(group));
  }
  isLoaded = true;
  send({ kind: "columns", facts: store.facts() });
  answer(accept);
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case "open": {
      session = data.session;
      const cache = new ColumnCache(new AuditDatabase(data.auditId, data.readerId));
      const store = new ColumnStore(data.items);
      opened = { auditId: data.auditId, store, cache, grouped: new Map() };
      isFirst = true;
      isLoaded = false;
      void open(opened, data.columns);
      return;
    }
    case "columns":
      session = data.session;
      if (opened) void load(opened, data.columns, false);
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
