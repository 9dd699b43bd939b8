import type { RecordRow } from "../../../shared/contract/record.ts";
import type { CommandId, ReaderId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { filterOf, noFilter, type FilterWords } from "./record-filter.ts";

/** Entries fetched at once; the table asks for what it shows. */
const pageRows = 200;

/** The record of an audit, newest first, page by page as it is scrolled. */
export class RecordState {
  total = $state(0);
  error = $state.raw<ErrorJson | null>(null);
  isLoaded = $state(false);
  people = $state.raw<readonly { id: ReaderId; name: string }[]>([]);
  actions = $state.raw<readonly { id: string; words: string }[]>([]);
  #pages = $state.raw<readonly (readonly RecordRow[] | undefined)[]>([]);
  #asked: readonly number[] = [];
  #filter: FilterWords = noFilter;
  #turn = 0;
  readonly #audit: AuditState;

  constructor(audit: AuditState) {
    this.#audit = audit;
  }

  /** The row at a place of the table; undefined while it is fetched. */
  row(at: number): RecordRow | undefined {
    return this.#pages[Math.floor(at / pageRows)]?.[at % pageRows];
  }

  /** Reads anew, as after another filter or a new entry; what is shown stays until the new rows are there. */
  async load(filter: FilterWords): Promise<void> {
    this.#filter = filter;
    this.#turn += 1;
    this.#asked = [];
    const turn = this.#turn;
    await Promise.all([this.#fetch(0, true), this.#loadFacets()]);
    if (turn === this.#turn) this.isLoaded = true;
  }

  /** The table shows rows `first` to `last`. */
  want(first: number, last: number): void {
    if (!this.isLoaded) return;
    for (let page = Math.floor(first / pageRows); page <= Math.floor(last / pageRows); page++)
      if (!this.#asked.includes(page)) void this.#fetch(page, false);
  }

  /** Notes the export in the record; true once the file may be fetched. */
  async noteExport(): Promise<boolean> {
    try {
      const commandId = crypto.randomUUID() as CommandId; // sound: a fresh id is what the brand stands for
      const act = { auditId: this.#audit.id, commandId, readerId: this.#audit.reader.id };
      await this.#audit.api.record.noteExport(act);
      return true;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return false;
    }
  }

  async #fetch(page: number, isAnew: boolean): Promise<void> {
    const turn = this.#turn;
    this.#asked = [...this.#asked, page];
    try {
      const found = await this.#audit.api.record.page({
        auditId: this.#audit.id,
        filter: filterOf(this.#filter),
        offset: page * pageRows,
        limit: pageRows,
      });
      if (turn !== this.#turn) return;
      this.total = found.total;
      const pages = isAnew ? [] : [...this.#pages];
      pages[page] = found.rows;
      this.#pages = pages;
      this.error = null;
    } catch (cause) {
      this.#asked = this.#asked.filter((one) => one !== page);
      if (turn === this.#turn) this.error = toErrorJson(cause);
    }
  }

  async #loadFacets(): Promise<void> {
    try {
      const { people, actions } = await this.#audit.api.record.facets({ auditId: this.#audit.id });
      this.people = people;
      this.actions = actions;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }
}
