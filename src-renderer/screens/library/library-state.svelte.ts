import type { Client } from "../../../shared/contract/client.ts";
import type { LibraryCard } from "../../../shared/contract/library.ts";
import type { AuditId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

export const librarySorts = ["opened", "name", "state"] as const;
export type LibrarySort = (typeof librarySorts)[number];

/** What needs a person comes first when sorted by state. */
const stateOrder: readonly LibraryCard["state"][] = [
  "damaged",
  "missing",
  "in-use",
  "newer",
  "in-review",
  "draft",
];

/** The audits known on this computer, searched and sorted. */
export class LibraryState {
  /** null while the list is read for the first time. */
  cards = $state.raw<readonly LibraryCard[] | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  words = $state("");
  sort = $state<LibrarySort>("opened");
  readonly #api: Client;

  readonly shown = $derived.by(() => {
    const words = this.words.trim().toLowerCase();
    return (this.cards ?? [])
      .filter((card) =>
        [card.name, card.shownPlace, card.model ?? ""].some((t) => t.toLowerCase().includes(words)),
      )
      .toSorted(compare[this.sort]);
  });

  constructor(api: Client) {
    this.#api = api;
  }

  async load(): Promise<void> {
    try {
      this.cards = await this.#api.library.list();
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  /** Takes it off the list; true when it is gone from it. */
  async forget(auditId: AuditId): Promise<boolean> {
    try {
      await this.#api.library.forget({ auditId });
      this.cards = (this.cards ?? []).filter((card) => card.id !== auditId);
      return true;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return false;
    }
  }
}

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const byName = (a: LibraryCard, b: LibraryCard) => names.compare(a.name, b.name);
const byOpened = (a: LibraryCard, b: LibraryCard) => b.openedAt.localeCompare(a.openedAt);

const compare: Readonly<Record<LibrarySort, (a: LibraryCard, b: LibraryCard) => number>> = {
  opened: (a, b) => byOpened(a, b) || byName(a, b),
  name: byName,
  state: (a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || byOpened(a, b),
};
