import type { ItemNo, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { StoreChange, StoreListener } from "./change.ts";
import type { Applied } from "./commands.ts";
import type { CounterName } from "./counters.ts";
import type { Tables } from "./tables.ts";

/** Tells whoever listens to a store what has changed in it, once the change is on disk. */
export class Announcements {
  readonly #tables: Pick<Tables, "columns" | "queues" | "readers" | "runs">;
  readonly #listeners = new Set<StoreListener>();

  constructor(tables: Pick<Tables, "columns" | "queues" | "readers" | "runs">) {
    this.#tables = tables;
  }

  /** Called from now on; returns how to stop listening. */
  add(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }

  tell(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** What a command has changed. */
  command(applied: Applied): void {
    const names = new Set<CounterName>();
    const items = new Set<ItemNo>();
    for (const cell of applied.touched) {
      const [kind, subject] = cell.split("/");
      if (kind === "aside") continue;
      if (kind === "text" || kind === "role" || kind === "plan" || kind === "test") continue;
      if (kind.startsWith("finding")) {
        names.add("finding");
        if (kind === "finding.item") items.add(Number(subject));
        continue;
      }
      if (kind === "meeting" || kind === "consensus") {
        names.add("meeting");
        if (kind === "consensus") items.add(Number(subject));
        continue;
      }
      names.add(kind as CounterName); // the first word of a cell names its counter
      if (kind !== "region" && kind !== "queue") items.add(Number(subject));
    }
    if (applied.touched.some((cell) => cell.startsWith("role/")))
      this.tell({ kind: "readers", readers: this.#tables.readers.all() });
    const item = applied.item;
    if (item !== null) items.add(item);
    this.touched(names, [...items], applied.entry?.readerId);
    if (this.#listeners.size > 0 && (names.has("queue") || names.has("verdict")))
      this.tell({ kind: "queues", queues: this.#tables.queues.all() });
  }

  /** Items, and the columns that count what was said of them. */
  touched(names: ReadonlySet<CounterName>, items: readonly ItemNo[], by?: ReaderId | null): void {
    if (this.#listeners.size === 0) return;
    if (items.length > 0) this.tell({ kind: "items", items, ...(by !== undefined && { by }) });
    const changed = this.#tables.columns.dependingOn(names);
    if (changed.length > 0) this.tell({ kind: "columns", changed });
  }

  /** A run, and its columns. */
  run(id: RunId): void {
    if (this.#listeners.size === 0) return;
    this.tell({ kind: "run", run: this.#tables.runs.byId(id) });
    this.tell({ kind: "columns", changed: this.#tables.columns.ofRun(id) });
  }
}
