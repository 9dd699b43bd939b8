/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are private or made anew, never watched entry by entry */
import type { BenchItem, BenchMapId } from "../../../shared/domain/bench.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import type { BenchForm } from "./bench-form.svelte.ts";

export interface MadeMaps {
  readonly bench: string;
  readonly item: BenchItem;
  readonly rawP99: ReadonlyMap<BenchMapId, number | null>;
}

/** The host holds 32 such; fewer are kept here, so that what is kept can be fetched. */
const most = 24;
/** Walked past in this time, a picture's maps are not made. */
const restMs = 250;

/** Maps of single pictures that no bench holds, made when looked at: the last ones are kept. */
export class SingleMaps {
  version = $state(0);
  error = $state.raw<ErrorJson | null>(null);
  isMaking = $state(false);
  readonly #audit: AuditState;
  readonly #form: BenchForm;
  readonly #made = new Map<string, MadeMaps>();

  constructor(audit: AuditState, form: BenchForm) {
    this.#audit = audit;
    this.#form = form;
  }

  get(item: ItemNo, columns: readonly BenchMapId[]): MadeMaps | null {
    void this.version;
    return this.#made.get(this.#key(item, columns)) ?? null;
  }

  /** Makes them once the person rests on the picture; returns how to stop. */
  want(item: ItemNo, columns: readonly BenchMapId[]): () => void {
    const modelId = this.#form.model?.id;
    const key = this.#key(item, columns);
    if (modelId === undefined || columns.length === 0 || this.#made.has(key)) return () => {};
    const control = new AbortController();
    const make = async () => {
      try {
        const made = await this.#audit.api.bench.maps(
          {
            auditId: this.#audit.id,
            modelId,
            item,
            columns: [...columns],
            ...this.#form.explained,
          },
          { signal: control.signal },
        );
        const p99 = made.item.panes.map(({ id }, at) => [id, made.rawP99[at] ?? null] as const);
        this.#made.set(key, { bench: made.bench, item: made.item, rawP99: new Map(p99) });
        for (const old of this.#made.keys()) {
          if (this.#made.size <= most) break;
          this.#made.delete(old);
        }
        this.version++;
      } catch (cause) {
        if (!control.signal.aborted) this.error = toErrorJson(cause);
      } finally {
        if (!control.signal.aborted) this.isMaking = false;
      }
    };
    this.error = null;
    this.isMaking = true;
    const timer = setTimeout(() => void make(), restMs);
    return () => {
      clearTimeout(timer);
      control.abort();
      this.isMaking = false;
    };
  }

  #key(item: ItemNo, columns: readonly BenchMapId[]): string {
    const { tap, target, seed } = this.#form.explained;
    return JSON.stringify([this.#form.model?.id, item, columns, tap, target, seed]);
  }
}
