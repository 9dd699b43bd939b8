import type { Client } from "../../../shared/contract/client.ts";
import type { DeviceSetting } from "../../../shared/domain/device.ts";
import { usualHostSettings, type HostSettings } from "../../../shared/domain/host-settings.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

/** Settings that the host keeps, as a page of Settings shows and changes them. */
export class HostSettingsState {
  values = $state.raw<HostSettings>(usualHostSettings);
  /** The device that the start of the app named; null where it named none. */
  named = $state.raw<DeviceSetting | null>(null);
  isKnown = $state(false);
  error = $state.raw<ErrorJson | null>(null);
  readonly #api: Client;

  constructor(api: Client) {
    this.#api = api;
    void this.load();
  }

  async load(): Promise<void> {
    await this.#try(async () => {
      const { settings, named } = await this.#api.settings.get();
      this.values = settings;
      this.named = named;
      this.isKnown = true;
    });
  }

  /** Shown at once; where the host refuses, what holds is shown again with why. */
  async change(change: Partial<HostSettings>): Promise<void> {
    const before = this.values;
    this.values = { ...before, ...change };
    const isDone = await this.#try(async () => {
      this.values = await this.#api.settings.change(change);
    });
    if (!isDone) this.values = before;
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.error = null;
      return true;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return false;
    }
  }
}
