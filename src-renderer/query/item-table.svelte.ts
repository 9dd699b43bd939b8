/* eslint-disable svelte/prefer-svelte-reactivity -- maps here are private or replaced whole, never watched entry by entry */
import type { Column } from "../../shared/contract/audits.ts";
import type { Command } from "../../shared/domain/command.ts";
import type { AuditId, CommandId, ItemNo, ReaderId, RunId } from "../../shared/domain/ids.ts";
import { verdicts } from "../../shared/domain/review.ts";
import { sessionToken } from "../session.ts";
import type { ColumnFacts, FromWorker, ToWorker } from "./messages.ts";
import type { FacetCounts, Filter } from "./query.ts";
import type { SortRule } from "./sort.ts";

/** What the worker looks like from here; a test hands in another. */
export interface QueryPort {
  postMessage(message: ToWorker): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  terminate(): void;
}

export function startQueryWorker(): QueryPort {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** The items in the order and under the filters of the Grid, with the counts of every facet: the worker, seen from the window. */
export class ItemTable {
  filters = $state.raw<readonly Filter[]>([]);
  sort = $state.raw<SortRule>({ column: "suspicion", direction: "down" });
  order = $state.raw<Uint32Array>(new Uint32Array());
  facets = $state.raw<ReadonlyMap<string, FacetCounts>>(new Map());
  facts = $state.raw<ReadonlyMap<string, ColumnFacts>>(new Map());
  /** Items that stand elsewhere, joined or left since the order was made; `refresh` brings them in. */
  changed = $state(0);
  /** Whether `order` is an answer yet. */
  isLoaded = $state(false);
  failure = $state<string | null>(null);
  /** Rises whenever values changed: strips and ribbons ask again for their codes. */
  revision = $state(0);

  readonly #port: QueryPort;
  #seq = 0;
  #asked = new Map<number, (codes: Uint16Array) => void>();

  readonly #readerId: ReaderId | null;

  /** `readerId`: whose rows of the window's database the worker reads and writes. */
  constructor(readerId: ReaderId | null = null, port: QueryPort = startQueryWorker()) {
    this.#readerId = readerId;
    this.#port = port;
    port.onmessage = ({ data }) => this.#take(data);
  }

  open(auditId: AuditId, run: RunId | null, items: number, columns: readonly Column[]): void {
    this.isLoaded = false;
    this.failure = null;
    this.#port.postMessage({
      kind: "open",
      auditId,
      readerId: this.#readerId,
      session: sessionToken(),
      run,
      items,
      columns,
    });
    this.#query(true);
  }

  close(): void {
    this.#port.terminate();
  }

  setFilters(filters: readonly Filter[]): void {
    this.filters = filters;
    this.#query(true);
  }

  setSort(sort: SortRule): void {
    this.sort = sort;
    this.#query(true);
  }

  /** Both at once, as when a place is restored. */
  restore(filters: readonly Filter[], sort: SortRule): void {
    this.filters = filters;
    this.sort = sort;
    this.#query(true);
  }

  /** Shows the order as it is now. */
  refresh(): void {
    this.#query(true);
  }

  /** Columns of this run or of none have new bytes. */
  reload(columns: readonly Column[]): void {
    if (columns.length)
      this.#port.postMessage({ kind: "columns", session: sessionToken(), columns });
  }

  /** Lays a verdict over its column until the store's own bytes have it. */
  overlay(command: Command): void {
    if (command.kind !== "verdict.set" && command.kind !== "verdict.clear") return;
    const words = this.facts.get("verdict")?.words ?? verdicts;
    const word = command.kind === "verdict.set" ? words.indexOf(command.verdict) : -1;
    const { id, items } = command;
    const code = word < 0 ? 255 : word;
    const queue = command.kind === "verdict.set" ? command.view?.queue : null;
    for (const column of ["verdict", ...(queue ? [`read:${queue}`] : [])])
      this.#port.postMessage({ kind: "overlay", id, column, items: [...items], code });
  }

  settle(id: CommandId): void {
    this.#port.postMessage({ kind: "settle", id });
  }

  drop(id: CommandId): void {
    this.#port.postMessage({ kind: "drop", id });
  }

  /** Word numbers of a choice column for some items; 65535 where there is none. */
  codes(column: string, items: ArrayLike<ItemNo>): Promise<Uint16Array> {
    const seq = ++this.#seq;
    return new Promise((resolve) => {
      this.#asked.set(seq, resolve);
      this.#port.postMessage({ kind: "codes", seq, column, items: Uint32Array.from(items) });
    });
  }

  #query(accept: boolean): void {
    const { filters, sort } = this;
    this.#port.postMessage({
      kind: "query",
      filters: $state.snapshot(filters) as readonly Filter[], // sound: a snapshot has the shape of what it copies
      sort: { ...sort },
      accept,
    });
  }

  /** Where no item has a suspicion, since none has a label, the attention order takes its place. */
  #fallBack(): void {
    const known = (id: string) => this.facts.get(id)?.known ?? 0;
    if (this.sort.column !== "suspicion" || known("suspicion") > 0 || known("attention") === 0)
      return;
    this.setSort({ column: "attention", direction: "down" });
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case "columns":
        this.facts = new Map(message.facts.map((one) => [one.id, one]));
        this.#fallBack();
        this.revision++;
        return;
      case "result":
        if (message.order) this.order = message.order;
        this.facets = new Map(message.facets.map((one) => [one.column, one]));
        this.changed = message.changed;
        this.isLoaded = true;
        this.revision++;
        return;
      case "codes":
        this.#asked.get(message.seq)?.(message.codes);
        this.#asked.delete(message.seq);
        return;
      case "failed":
        this.failure = message.why;
        return;
    }
  }
}
