import { statSync } from "node:fs";
import type { DeviceSetting } from "../../shared/domain/device.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { inputSize } from "./images/prepare.ts";
import { stackInputs } from "./input-batch.ts";
import { openAnyModel, type AnyModel } from "./open-any-model.ts";

interface Warm {
  readonly key: string;
  readonly model: AnyModel;
  readonly session: TapSession;
}

export interface WarmModel {
  readonly description: ModelDescription;
  readonly session: TapSession;
}

const idleMs = 5 * 60_000;

/**
 * The model that was asked last, kept open for the next question: opening costs far more than one picture. It is closed
 * when another is asked or on another device, when its file changes, and when nobody asks for five minutes. Callers take turns.
 */
export class WarmModels {
  readonly #setting: () => DeviceSetting;
  #warm: Warm | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | null = null;

  constructor(setting: () => DeviceSetting) {
    this.#setting = setting;
  }

  /** Runs `work` with the model open. */
  use<Result>(
    path: string,
    preparation: Preparation,
    work: (model: WarmModel) => Promise<Result>,
  ): Promise<Result> {
    const result = this.#turn.then(async () => {
      if (this.#idle) clearTimeout(this.#idle);
      try {
        const { model, session } = await this.#open(path, preparation);
        return await work({ description: model.description, session });
      } finally {
        this.#idle = setTimeout(() => void this.close(), idleMs).unref();
      }
    });
    this.#turn = result.catch(() => null);
    return result;
  }

  /** Once nobody uses it. */
  close(): Promise<void> {
    const closing = this.#turn.then(() => this.#close());
    this.#turn = closing;
    return closing;
  }

  async #open(path: string, preparation: Preparation): Promise<Warm> {
    const { widthPx, heightPx } = preparation;
    const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
    const setting = this.#setting();
    const key = JSON.stringify([path, mtimeMs, size, widthPx, heightPx, setting]);
    if (this.#warm?.key === key) return this.#warm;
    await this.#close();
    const model = await openAnyModel(path, { widthPx, heightPx });
    try {
      const blank = new Float32Array(inputSize(preparation));
      const { session } = await model.openFor({
        tap: null,
        setting,
        dims: stackInputs([blank], preparation).dims,
        differentiates: () => false,
      });
      return (this.#warm = { key, model, session });
    } catch (cause) {
      await model.close();
      throw cause;
    }
  }

  async #close(): Promise<void> {
    const warm = this.#warm;
    this.#warm = null;
    await warm?.session.close();
    await warm?.model.close();
  }
}
