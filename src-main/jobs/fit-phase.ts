import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type { ErrorJson } from "../../shared/errors/app-error.ts";
import { AppError } from "../../shared/errors/app-error.ts";
import { EngineStopped, type EngineClient } from "../engine/client.ts";
import type { FitOutcome } from "../engine/protocol.ts";
import type { FitState } from "../store/fits.ts";
import { commitWhenRoom } from "./commit-when-room.ts";
import { labelsOf } from "./fit-plan.ts";
import type { JobControl } from "./job-queue.ts";
import { itemPath, type OpenedAudit } from "./opened-audit.ts";

const batchSize = 16;
/** Engine crashes on the same item before it counts as failed. */
const crashesAllowed = 3;

/**
 * The phase of a run in which its method learns, before its maps: vectors of labelled items, each batch durable before it counts,
 * then the solution. Nothing where the method learns nothing, or has learnt.
 */
export async function fitPhase(
  audit: OpenedAudit,
  engine: EngineClient,
  run: RunId,
  control: JobControl,
): Promise<void> {
  const state = audit.store.resumeFit(run);
  if (!state || state.fitted) return;
  const phase = new FitPhase(audit, engine, run, control);
  try {
    await phase.toTheEnd();
  } finally {
    await phase.close();
    control.report({ fitting: null });
  }
}

class FitPhase {
  readonly #audit: OpenedAudit;
  readonly #engine: EngineClient;
  readonly #run: RunId;
  readonly #control: JobControl;
  #handle: string | null = null;

  constructor(audit: OpenedAudit, engine: EngineClient, run: RunId, control: JobControl) {
    this.#audit = audit;
    this.#engine = engine;
    this.#run = run;
    this.#control = control;
  }

  async toTheEnd(): Promise<void> {
    const { store } = this.#audit;
    for (let state = this.#state(); state.tried < state.items.length; state = this.#state()) {
      await this.#control.checkpoint();
      this.#control.setRunning();
      this.#control.report({ fitting: { done: state.tried, of: state.items.length } });
      const next = state.items.slice(state.tried, state.tried + batchSize);
      const outcomes = await this.#vectors(next, state);
      await commitWhenRoom(this.#control, () => store.commitFit(this.#run, outcomes));
    }
    await this.#control.checkpoint();
    const state = this.#state();
    this.#control.report({ fitting: { done: state.items.length, of: state.items.length } });
    const fitted = await this.#asked((handle) =>
      this.#engine.callOnce(
        "solveFit",
        {
          handle,
          options: state.options,
          pack: {
            path: state.pack,
            rows: state.vectors,
            k: state.k,
            source: state.source,
            itemsRead: state.tried - state.failed,
            empty: state.empty,
            failed: state.failed,
          },
        },
        this.#control.signal,
      ),
    );
    await commitWhenRoom(this.#control, () => store.finishFit(this.#run, fitted));
  }

  async close(): Promise<void> {
    if (this.#handle !== null)
      await this.#engine.callOnce("closeRun", { handle: this.#handle }).catch(() => null); // gone with its process
  }

  /** Vectors of a batch; where the engine dies of it again and again, of each item alone. */
  async #vectors(items: readonly ItemNo[], state: FitState): Promise<readonly FitOutcome[]> {
    const { store } = this.#audit;
    const { classNames } = store.model(store.runById(this.#run).modelId);
    try {
      return await this.#asked((handle) =>
        this.#engine.callOnce(
          "fitVectors",
          {
            handle,
            items: items.map((no) => ({
              no,
              path: itemPath(this.#audit, no),
              labels: state.source === "labels" ? labelsOf(this.#audit, classNames, no) : null,
            })),
          },
          this.#control.signal,
        ),
      );
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== "engine/stopped") throw cause;
      if (items.length === 1) return [lost(items[0], cause.toJSON())];
      const outcomes: FitOutcome[] = [];
      for (const no of items) outcomes.push(...(await this.#vectors([no], state)));
      return outcomes;
    }
  }

  /** One request to the opened run, which is opened again where the engine died. */
  async #asked<Answer>(ask: (handle: string) => Promise<Answer>): Promise<Answer> {
    for (let crashes = 0; ;) {
      try {
        return await ask((this.#handle ??= await this.#open()));
      } catch (cause) {
        const isGone = cause instanceof AppError && cause.code === "engine/run-gone";
        if (!isGone && !(cause instanceof EngineStopped)) throw cause;
        this.#handle = null;
        this.#control.signal.throwIfAborted();
        if (!isGone && ++crashes === crashesAllowed)
          throw new AppError("engine/stopped", { restarts: crashes }, { cause });
      }
    }
  }

  async #open(): Promise<string> {
    const { store } = this.#audit;
    const run = store.runById(this.#run);
    const model = store.model(run.modelId);
    const { handle } = await this.#engine.callOnce("openRun", {
      modelPath: model.path,
      preparation: model.preparation,
      tap: run.tap.name,
      method: run.method,
      secondMethod: run.secondMethod,
      target: run.target,
      seed: run.seed,
    });
    return handle;
  }

  #state(): FitState {
    const state = this.#audit.store.fit(this.#run);
    if (!state) throw new RangeError("the run has nothing to learn");
    return state;
  }
}

function lost(no: ItemNo, error: ErrorJson): FitOutcome {
  return { no, vectors: [], empty: 0, error };
}
