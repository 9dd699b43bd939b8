import type { Overview } from "../../../shared/contract/overview.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

/** After a change the figures are asked for again at most so often, in ms. */
const restMs = 800;

/** The dataset in the run in view, brought up to date whenever something was saved or mapped. Make it in a component. */
export class OverviewState {
  overview = $state.raw<Overview | null>(null);
  error = $state.raw<ErrorJson | null>(null);

  readonly #audit: AuditState;
  #asked = 0;

  constructor(audit: AuditState) {
    this.#audit = audit;
    let timer: ReturnType<typeof setTimeout> | undefined;
    $effect(() => {
      const moment = [audit.saved?.recordNo, audit.run?.id, audit.run?.done]; // what it follows
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), moment.length > 0 && this.#asked > 0 ? restMs : 0);
    });
    $effect(() => () => clearTimeout(timer));
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const { api, id: auditId, run } = this.#audit;
    try {
      const overview = await api.overview.get({ auditId, run: run?.id ?? null });
      if (asked !== this.#asked) return;
      this.overview = overview;
      this.error = null;
    } catch (cause) {
      if (asked === this.#asked) this.error = toErrorJson(cause);
    }
  }
}
