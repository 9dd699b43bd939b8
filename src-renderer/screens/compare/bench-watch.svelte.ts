/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are private or made anew, never watched entry by entry */
import type { Client } from "../../../shared/contract/client.ts";
import type { BenchEvent, BenchItem, BenchResult } from "../../../shared/domain/bench.ts";
import type { AuditId, ItemNo, JobId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

type Started = Extract<BenchEvent, { kind: "started" }>;

/** Items come in bursts when a bench is looked at again: they are shown at most this often. */
const gatherMs = 80;

/** One bench as it happens, from its first event on however late one looks. It goes on without anybody watching. */
export class BenchWatch {
  readonly bench: string;
  readonly jobId: JobId;
  started = $state.raw<Started | null>(null);
  /** Those that were tried, as they were drawn. */
  items = $state.raw<readonly BenchItem[]>([]);
  tried = $state(0);
  sheets = $state.raw<{ readonly tried: number; readonly planned: number } | null>(null);
  result = $state.raw<BenchResult | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  isEnded = $state(false);
  readonly byNo: ReadonlyMap<ItemNo, BenchItem> = $derived(
    new Map(this.items.map((item) => [item.no, item])),
  );
  readonly #api: Client;
  readonly #auditId: AuditId;
  readonly #stopped = new AbortController();
  #came: BenchItem[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    { api, id }: { readonly api: Client; readonly id: AuditId },
    { bench, jobId }: { readonly bench: string; readonly jobId: JobId },
  ) {
    this.#api = api;
    this.#auditId = id;
    this.bench = bench;
    this.jobId = jobId;
  }

  /** Follows it until it ends or `close`. */
  async follow(): Promise<void> {
    const { signal } = this.#stopped;
    this.error = null;
    this.isEnded = false;
    this.#came = [];
    try {
      const asked = { auditId: this.#auditId, bench: this.bench };
      for await (const event of await this.#api.bench.watch(asked, { signal })) this.take(event);
      this.isEnded = true;
    } catch (cause) {
      if (signal.aborted) return;
      this.error = toErrorJson(cause);
      this.isEnded = true;
    } finally {
      this.#show();
    }
  }

  close(): void {
    this.#stopped.abort();
  }

  take(event: BenchEvent): void {
    switch (event.kind) {
      case "started":
        this.started = event;
        return;
      case "item":
        this.#came.push(event.item);
        this.#timer ??= setTimeout(() => this.#show(), gatherMs);
        return;
      case "sheet":
        this.sheets = { tried: event.tried, planned: event.planned };
        return;
      case "done":
        this.#show();
        this.result = event.result;
        return;
    }
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.items = [...this.#came];
    this.tried = this.#came.length;
  }
}
