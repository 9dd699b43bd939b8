import { untrack } from "svelte";
import type { ItemDetail } from "../../shared/contract/audits.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import type { AuditWork } from "./audit-work.svelte.ts";
import { evidenceOutline } from "./evidence-outline.ts";
import type { RawMap } from "./pictures.ts";

/** What a view wants shown, read reactively. */
export interface Wanted {
  readonly work: AuditWork;
  readonly item: ItemNo;
  readonly detail: ItemDetail | null;
  /** Longer side in which the picture is asked for; null until the pane has a size. */
  readonly sizePx: number | null;
  /** Whether the evidence mask is wanted too. */
  readonly withMask: boolean;
  readonly onfailed: ((item: ItemNo) => void) | undefined;
}

/**
 * The picture, the map and the evidence mask of one item, as they come. The last picture stays until the next one is
 * there. Make it in a component's script: its loads end with the component.
 */
export class ShownLayers {
  picture = $state.raw<{ item: ItemNo; bitmap: ImageBitmap; name: string } | null>(null);
  #map = $state.raw<{ key: string; map: RawMap | null } | null>(null);
  readonly #wanted: () => Wanted;
  // One by one, so that a load is not begun anew by what does not concern it.
  readonly #item = $derived.by(() => this.#wanted().item);
  readonly #sizePx = $derived.by(() => this.#wanted().sizePx);
  readonly #run = $derived.by(() => this.#wanted().work.audit.run?.id ?? null);
  readonly #hasMap = $derived.by(() => this.#run !== null && this.#row?.rawMax !== null);
  readonly #mapKey = $derived(`${this.#run ?? ""} ${this.#item}`);
  readonly #row = $derived.by(() => {
    const { work, item, detail } = this.#wanted();
    return detail?.row.no === item ? detail.row : work.rows.get(item);
  });
  /** Of this item and run; null while it is on its way, and where there is none. */
  readonly map = $derived.by(() => (this.#map?.key === this.#mapKey ? this.#map.map : null));
  readonly isStale = $derived(this.picture !== null && this.picture.item !== this.#item);
  /** Evidence comes as a mask alone: no imported regions say where it is. */
  readonly hasMask = $derived.by(() => {
    const { item, detail, withMask } = this.#wanted();
    return (
      withMask &&
      detail?.row.no === item &&
      detail.hasEvidence &&
      !detail.regions.some((region) => region.isImported)
    );
  });

  constructor(wanted: () => Wanted) {
    this.#wanted = wanted;
    const { work } = untrack(wanted);
    $effect(() => this.#loadPicture(work));
    $effect(() => this.#loadMap(work));
    $effect(() => this.#loadMask(work));
  }

  #loadPicture(work: AuditWork) {
    const item = this.#item;
    const sizePx = this.#sizePx;
    if (sizePx === null) return;
    work.pictureSize = sizePx;
    const name = untrack(() => this.#row?.name ?? "");
    const loading = work.pictures.image(item, sizePx);
    loading.promise.then(
      (bitmap) => (this.picture = { item, bitmap, name }),
      (cause: unknown) => {
        if (!(cause instanceof DOMException && cause.name === "AbortError"))
          this.#wanted().onfailed?.(item);
      },
    );
    return loading.leave;
  }

  #loadMap(work: AuditWork) {
    const run = this.#run;
    const item = this.#item;
    const key = this.#mapKey;
    if (run === null || !this.#hasMap) {
      this.#map = { key, map: null };
      return;
    }
    const known = work.pictures.peekMap(run, item);
    if (known) {
      this.#map = { key, map: known };
      return;
    }
    const loading = work.pictures.map(run, item);
    loading.promise.then(
      (map) => (this.#map = { key, map }),
      () => (this.#map = { key, map: null }),
    );
    return loading.leave;
  }

  #loadMask(work: AuditWork) {
    const item = this.#item;
    if (!this.hasMask) return;
    const loading = work.pictures.evidence(item);
    loading.promise.then(
      (mask) => (work.evidence = { item, outline: evidenceOutline(mask) }),
      () => undefined,
    );
    return loading.leave;
  }
}
