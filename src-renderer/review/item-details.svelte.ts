/* eslint-disable svelte/prefer-svelte-reactivity -- the maps are private; `version` is what is watched */
import type { ItemDetail } from "../../shared/contract/audits.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { foldDetail } from "./fold.ts";
import type { Outbox } from "./outbox.svelte.ts";

interface Fetched {
  readonly detail: ItemDetail;
  readonly tick: number;
}

const kept = 40;

/** Everything Review shows of single items: fetched ahead, kept for a few, with the outbox laid over it. */
export class ItemDetails {
  version = $state(0);
  #details = new Map<ItemNo, Fetched>();
  #failures = new Map<ItemNo, ErrorJson>();
  #loading = new Map<ItemNo, Promise<void>>();
  /** Kept details that may have changed: fetched again when they are next looked at. */
  #outdated = new Set<ItemNo>();
  readonly #outbox: Outbox;
  readonly #fetch: (item: ItemNo) => Promise<ItemDetail>;
  #generation = 0;

  constructor(outbox: Outbox, fetch: (item: ItemNo) => Promise<ItemDetail>) {
    this.#outbox = outbox;
    this.#fetch = fetch;
  }

  get(item: ItemNo): ItemDetail | null {
    void this.version;
    const fetched = this.#details.get(item);
    if (!fetched) return null;
    if (this.#outdated.delete(item)) queueMicrotask(() => void this.#load(item));
    const over = this.#outbox.entries
      .filter(({ acknowledgedAt }) => acknowledgedAt === null || acknowledgedAt > fetched.tick)
      .map((entry) => entry.command);
    return foldDetail(fetched.detail, over);
  }

  failure(item: ItemNo): ErrorJson | null {
    void this.version;
    return this.#failures.get(item) ?? null;
  }

  /** Any of them may have changed: each is fetched again when it is looked at. */
  outdate(): void {
    this.#outdated = new Set(this.#details.keys());
    this.version++;
  }

  /** Fetches what is not here; the promise tells when it is. */
  want(item: ItemNo): Promise<void> {
    if (this.#details.has(item) && !this.#outdated.has(item)) return Promise.resolve();
    return this.#loading.get(item) ?? this.#load(item);
  }

  refresh(items: Iterable<ItemNo>): void {
    for (const item of items) if (this.#details.has(item)) void this.#load(item);
  }

  reset(): void {
    this.#generation++;
    this.#loading.clear();
    this.#details.clear();
    this.#failures.clear();
    this.version++;
  }

  #load(item: ItemNo): Promise<void> {
    const generation = this.#generation;
    const tick = this.#outbox.tick;
    this.#outdated.delete(item);
    const loading = this.#fetch(item)
      .then((detail) => {
        if (generation !== this.#generation) return;
        if ((this.#details.get(item)?.tick ?? -1) > tick) return; // a younger answer came first
        this.#details.delete(item);
        this.#details.set(item, { detail, tick });
        this.#failures.delete(item);
        for (const old of this.#details.keys()) {
          if (this.#details.size <= kept) break;
          this.#details.delete(old);
        }
      })
      .catch((cause: unknown) => {
        if (generation === this.#generation) this.#failures.set(item, toErrorJson(cause));
      })
      .finally(() => {
        if (this.#loading.get(item) === loading) this.#loading.delete(item);
        this.version++;
      });
    this.#loading.set(item, loading);
    return loading;
  }
}
