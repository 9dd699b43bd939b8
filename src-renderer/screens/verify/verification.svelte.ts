import type { Client } from "../../../shared/contract/client.ts";
import type { VerifyStep } from "../../../shared/contract/verify.ts";
import type { AuditId, PlaceId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

/** A check of an audit that is open, or of any folder: how far it is, then what it found. */
export class Verification {
  step = $state.raw<VerifyStep | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  isChecking = $state(false);
  readonly #api: Client;
  #stop: AbortController | null = null;

  constructor(api: Client) {
    this.#api = api;
  }

  audit(auditId: AuditId): Promise<void> {
    return this.#follow((signal) => this.#api.reports.verify({ auditId }, { signal }));
  }

  folder(place: PlaceId): Promise<void> {
    return this.#follow((signal) => this.#api.verify.folder({ place }, { signal }));
  }

  close(): void {
    this.#stop?.abort();
  }

  async #follow(begin: (signal: AbortSignal) => Promise<AsyncIterable<VerifyStep>>): Promise<void> {
    if (this.isChecking) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.isChecking = true;
    this.error = null;
    this.step = null;
    try {
      for await (const step of await begin(stop.signal)) this.step = step;
    } catch (cause) {
      if (!stop.signal.aborted) this.error = toErrorJson(cause);
    } finally {
      this.isChecking = false;
    }
  }
}
