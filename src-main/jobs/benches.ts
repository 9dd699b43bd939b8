import { randomUUID } from "node:crypto";
import type { BenchEvent, BenchMapId } from "../../shared/domain/bench.ts";
import type { BenchOutcome } from "../../shared/domain/bench-run.ts";
import type { AuditId, ItemNo, JobId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";

export interface HeldMap {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** One bench of this host: its events so far, and its maps for panes side by side. */
export class HeldBench {
  readonly id = randomUUID();
  readonly audit: AuditId | null;
  readonly kind: HeldKind;
  job: JobId | null = null;
  readonly #events: BenchEvent[] = [];
  readonly #maps = new Map<ItemNo, ReadonlyMap<BenchMapId, Float32Array | null>>();
  #grid: readonly [height: number, width: number] = [0, 0];
  #isEnded = false;
  #cause: unknown = null;
  readonly #watchers = new Set<() => void>();

  constructor(audit: AuditId | null, kind: HeldKind) {
    this.audit = audit;
    this.kind = kind;
  }

  add(event: BenchEvent): void {
    if (event.kind === "started") this.#grid = event.settings.grid;
    this.#events.push(event);
    this.#wake();
  }

  keepMaps(no: ItemNo, columns: readonly BenchMapId[], { maps }: BenchOutcome): void {
    this.#maps.set(no, new Map(maps.map(({ map }, at) => [columns[at], map])));
  }

  /** The grid where no "started" event states it. */
  setGrid(grid: readonly [height: number, width: number]): void {
    this.#grid = grid;
  }

  end(cause: unknown = null): void {
    this.#isEnded = true;
    this.#cause = cause;
    this.#wake();
  }

  map(no: ItemNo, column: BenchMapId): HeldMap | null {
    const values = this.#maps.get(no)?.get(column);
    const [height, width] = this.#grid;
    return values ? { values, height, width } : null;
  }

  /** From the first event on, then as they come; throws what the bench failed with. */
  async *watch(signal?: AbortSignal): AsyncGenerator<BenchEvent> {
    let wake: () => void = () => undefined;
    const watcher = () => wake();
    this.#watchers.add(watcher);
    signal?.addEventListener("abort", watcher, { once: true });
    try {
      for (let at = 0; !signal?.aborted;) {
        if (at < this.#events.length) yield this.#events[at++];
        else if (this.#isEnded) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(watcher);
    }
    if (this.#cause !== null && !signal?.aborted) throw this.#cause;
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** Benches, and single images' maps, that are held at a time; the oldest goes first. */
const most = { bench: 8, maps: 32 } as const;
type HeldKind = keyof typeof most;

/** The benches of this host. They live in memory: their figures are told, and a new one is soon made. */
export class Benches {
  readonly #held = new Map<string, HeldBench>();

  open(audit: AuditId | null, kind: HeldKind): HeldBench {
    const bench = new HeldBench(audit, kind);
    this.#held.set(bench.id, bench);
    const same = [...this.#held.values()].filter((held) => held.kind === kind);
    for (const { id } of same.slice(0, Math.max(0, same.length - most[kind])))
      this.#held.delete(id);
    return bench;
  }

  /** @throws AppError `bench/unknown` for one that is not held, or is another audit's */
  get(id: string, audit: AuditId): HeldBench {
    const bench = this.#held.get(id);
    return bench && bench.audit === audit ? bench : fail("bench/unknown", {});
  }

  find(id: string): HeldBench | null {
    return this.#held.get(id) ?? null;
  }

  /** Those of an audit that run as jobs, newest first. */
  of(audit: AuditId): readonly { readonly bench: string; readonly jobId: JobId }[] {
    return [...this.#held.values()]
      .filter((bench) => bench.audit === audit)
      .toReversed()
      .flatMap(({ id, job }) => (job ? [{ bench: id, jobId: job }] : []));
  }
}
