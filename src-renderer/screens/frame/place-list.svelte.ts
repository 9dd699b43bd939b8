import type { Client } from "../../../shared/contract/client.ts";
import type { Place } from "../../../shared/contract/places.ts";
import type { PlaceId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

/** One folder of the chooser: what is in it, where the cursor is, what may be chosen. */
export class PlaceList {
  shownPath = $state("");
  entries = $state.raw<readonly Place[]>([]);
  /** Typed part of names. */
  words = $state("");
  at = $state(0);
  isLoading = $state(false);
  error = $state.raw<ErrorJson | null>(null);
  /** The folders entered, outermost first; the last is the one in view. */
  #trail = $state.raw<readonly Place[]>([]);
  #parent = $state.raw<PlaceId | null>(null);
  readonly #api: Client;
  readonly #accepts: () => readonly Place["kind"][];
  #asked = 0;

  constructor(api: Client, accepts: () => readonly Place["kind"][]) {
    this.#api = api;
    this.#accepts = accepts;
  }

  readonly shown = $derived.by(() => {
    const words = this.words.trim().toLowerCase();
    return this.entries.filter((entry) => entry.name.toLowerCase().includes(words));
  });
  readonly active = $derived(this.shown[Math.min(this.at, this.shown.length - 1)] ?? null);
  readonly canGoUp = $derived(this.#trail.length > 0 || this.#parent !== null);

  /** What the main button chooses: the row under the cursor, else the folder in view, when it is accepted. */
  readonly choice = $derived.by(() => {
    if (this.active && this.isAccepted(this.active)) return this.active;
    const here = this.#trail.at(-1);
    return here && this.isAccepted(here) ? here : null;
  });

  /** "chest/images": a folder's name says little without the one above it. */
  shownName(place: Place): string {
    const at = this.#trail.findIndex((folder) => folder.id === place.id);
    const parent = at < 0 ? this.#trail.at(-1) : this.#trail[at - 1];
    return parent ? `${parent.name}/${place.name}` : place.name;
  }

  isAccepted(place: Place): boolean {
    return this.#accepts().includes(place.kind);
  }

  move(step: number): void {
    this.at = Math.min(Math.max(this.at + step, 0), Math.max(this.shown.length - 1, 0));
  }

  /** Shows a folder; null: the roots. */
  async enter(folder: Place | null): Promise<void> {
    const trail = folder ? [...this.#trail, folder] : [];
    await this.#list(folder?.id ?? null, () => (this.#trail = trail));
  }

  async up(): Promise<void> {
    if (!this.canGoUp) return;
    const left = this.#trail.at(-1);
    const trail = this.#trail.slice(0, -1);
    await this.#list(trail.at(-1)?.id ?? this.#parent, () => (this.#trail = trail));
    this.at = Math.max(
      this.shown.findIndex((entry) => entry.id === left?.id),
      0,
    );
  }

  async #list(place: PlaceId | null, onlisted: () => void): Promise<void> {
    const asked = ++this.#asked;
    this.isLoading = true;
    try {
      const listed = await this.#api.places.list({ place });
      if (asked !== this.#asked) return;
      this.entries = listed.entries.toSorted(byKindAndName);
      this.shownPath = listed.shownPath;
      this.#parent = listed.parent;
      this.words = "";
      this.at = 0;
      this.error = null;
      onlisted();
    } catch (cause) {
      if (asked === this.#asked) this.error = toErrorJson(cause);
    }
    if (asked === this.#asked) this.isLoading = false;
  }
}

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function byKindAndName(a: Place, b: Place): number {
  const rank = (place: Place) => (place.kind === "audit" ? 0 : place.kind === "folder" ? 1 : 2);
  return rank(a) - rank(b) || names.compare(a.name, b.name);
}
