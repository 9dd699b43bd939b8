/* eslint-disable svelte/prefer-svelte-reactivity -- the maps are private; `version` is what is watched */
import type { ItemRow } from "../../shared/contract/audits.ts";
import type { Command } from "../../shared/domain/command.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { foldRow, touches } from "./fold.ts";
import type { Outbox } from "./outbox.svelte.ts";

interface Fetched {
  readonly row: ItemRow;
  /** `Outbox.tick` when the fetch began. */
  readonly tick: number;
}

const perRequest = 500;
const keptRows = 4_000;
/** Rows wanted within this time go in one request; scrolled past in it, they are not asked for. */
const gatherMs = 25;

/**
 * Rows of the items in view: fetched in bundles, kept, and shown as they will be once the store has taken what still
 * waits in the outbox.
 */
export class ItemRows {
  version = $state(0);
  #rows = new Map<ItemNo, Fetched>();
  /** What each part of the window shows now: what is no longer shown is not asked for. */
  #wanted = new Map<string, readonly ItemNo[]>();
  #stale = new Set<ItemNo>();
  #loading = new Set<ItemNo>();
  /** Kept rows that may have changed: fetched again when they are next looked at. */
  #outdated = new Set<ItemNo>();
  #isScheduled = false;
  readonly #outbox: Outbox;
  readonly #fetch: (items: ItemNo[]) => Promise<readonly ItemRow[]>;
  #generation = 0;

  constructor(outbox: Outbox, fetch: (items: ItemNo[]) => Promise<readonly ItemRow[]>) {
    this.#outbox = outbox;
    this.#fetch = fetch;
  }

  /** The row as it looks now, or null while it is on its way. */
  get(item: ItemNo): ItemRow | null {
    void this.version;
    const fetched = this.#rows.get(item);
    if (fetched && this.#outdated.delete(item)) {
      this.#stale.add(item);
      this.#schedule();
    }
    return fetched ? foldRow(fetched.row, this.#over(item, fetched.tick)) : null;
  }

  /** `part` of the window shows these now: rows that are not here yet are asked for. */
  want(part: string, items: ArrayLike<ItemNo>): void {
    const missing = Array.from(items).filter(
      (item) => !this.#rows.has(item) && !this.#loading.has(item),
    );
    this.#wanted.set(part, missing);
    if (missing.length) this.#schedule();
  }

  /** These changed in the store: fetched again if they are kept. */
  refresh(items: Iterable<ItemNo>): void {
    for (const item of items)
      if (this.#rows.has(item) || this.#loading.has(item)) this.#stale.add(item);
    if (this.#stale.size) this.#schedule();
  }

  /** Any row may have changed: each is fetched again when it is looked at, the old one stays until then. */
  outdate(): void {
    this.#outdated = new Set(this.#rows.keys());
    this.version++;
  }

  /** Another run: what is on its way is of the run before. */
  reset(): void {
    this.#generation++;
    this.outdate();
  }

  #over(item: ItemNo, tick: number): Command[] {
    return this.#outbox.entries
      .filter(({ acknowledgedAt }) => acknowledgedAt === null || acknowledgedAt > tick)
      .map((entry) => entry.command)
      .filter((command) => touches(command, item));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      const items = [...new Set([...this.#stale, ...[...this.#wanted.values()].flat()])];
      this.#wanted.clear();
      this.#stale.clear();
      for (let at = 0; at < items.length; at += perRequest)
        void this.#load(items.slice(at, at + perRequest));
    }, gatherMs);
  }

  async #load(items: ItemNo[]): Promise<void> {
    const tick = this.#outbox.tick;
    const generation = this.#generation;
    for (const item of items) this.#loading.add(item);
    try {
      const rows = await this.#fetch(items);
      if (generation !== this.#generation) {
        for (const item of items) this.#stale.add(item);
        return this.#schedule();
      }
      for (const row of rows) {
        this.#rows.delete(row.no); // to the young end of the map
        this.#rows.set(row.no, { row, tick });
      }
      for (const item of this.#rows.keys()) {
        if (this.#rows.size <= keptRows) break;
        this.#rows.delete(item);
      }
      this.version++;
    } catch {
      // The host is away: whoever still shows these items asks again.
    } finally {
      for (const item of items) this.#loading.delete(item);
    }
  }
}
