import { mkdir, readdir } from "node:fs/promises";
import type { LabelChoice } from "../../shared/contract/runs.ts";
import type { RunId } from "../../shared/domain/ids.ts";
import type { Job } from "../../shared/domain/job.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { LabelOptions } from "../../shared/domain/pseudo-labels.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { EngineStopped, type EngineClient } from "../engine/client.ts";
import type { LabelItem, LabelOutcome, LabelSpec } from "../engine/protocol.ts";
import { LabelPack } from "../store/label-pack.ts";
import { commitWhenRoom } from "./commit-when-room.ts";
import { labelsOf } from "./fit-plan.ts";
import type { JobControl } from "./job-queue.ts";
import { exportLabels, type LabelFacts } from "./label-export.ts";
import { itemEvidence, itemPath, type OpenedAudit } from "./opened-audit.ts";

/** Numbers 1 … 254 of a palette picture; 0 is background and 255 open. */
const mostClasses = 254;
const crashesAllowed = 3;

export interface LabelWish {
  readonly run: RunId;
  /** Real path of the folder to write into. */
  readonly out: string;
  readonly existing: "refuse" | "replace";
  readonly choice: LabelChoice;
}

/**
 * Queues the pseudo labels of a run: its method at its layer, for every class that an image may show, whatever target the run
 * itself had. What cannot be done is refused before a job exists.
 */
export async function startLabels(
  audit: OpenedAudit,
  engine: EngineClient,
  { run: id, out, existing, choice }: LabelWish,
): Promise<Job> {
  const { store, jobs } = audit;
  store.mustBeWritable();
  const run = store.runById(id);
  const { classNames } = store.model(run.modelId);
  if (classNames.length > mostClasses)
    fail("labels/too-many-classes", { classes: classNames.length, most: mostClasses });
  const fitted = store.fit(id)?.fitted ?? null;
  if (methods[run.method].isFitted && !fitted)
    fail("method/needs-labels", { method: methods[run.method].label });
  const options = optionsOf(choice, classNames);
  const items =
    store.runState(id).items ?? Array.from({ length: store.itemCount() }, (_, no) => no);
  const readable = items.filter((no) => store.item(no).error === null);
  const isLabelled = readable.some((no) => labelsOf(audit, classNames, no).length > 0);
  if (options.classes === "labels" && !isLabelled) fail("labels/no-labels", {});
  await mkdir(out, { recursive: true });
  if (existing === "refuse" && (await readdir(out)).length > 0)
    fail("labels/folder-in-use", { folder: out });
  return jobs.add({
    kind: "labels",
    title: message("jobs.labels.title", { no: run.no, method: methods[run.method].label }),
    run: id,
    planned: readable.length,
    work: (control) =>
      new LabelJob(audit, engine, { run: id, out, options }, control).work(readable),
  });
}

function optionsOf(choice: LabelChoice, classNames: readonly string[]): LabelOptions {
  const { backgroundClasses, ...rest } = choice;
  return {
    ...rest,
    backgroundClasses: backgroundClasses.map((name) => {
      const index = classNames.indexOf(name);
      return index < 0 ? fail("run/no-such-label", { label: name }) : index;
    }),
  };
}

class LabelJob {
  readonly #audit: OpenedAudit;
  readonly #engine: EngineClient;
  readonly #plan: { readonly run: RunId; readonly out: string; readonly options: LabelOptions };
  readonly #control: JobControl;
  readonly #spec: LabelSpec;
  #opened: { readonly handle: string; readonly scales: readonly number[] } | null = null;

  constructor(
    audit: OpenedAudit,
    engine: EngineClient,
    plan: { readonly run: RunId; readonly out: string; readonly options: LabelOptions },
    control: JobControl,
  ) {
    this.#audit = audit;
    this.#engine = engine;
    this.#plan = plan;
    this.#control = control;
    const { store } = audit;
    const run = store.runById(plan.run);
    const model = store.model(run.modelId);
    this.#spec = {
      modelPath: model.path,
      preparation: model.preparation,
      tap: run.tap.name,
      fusion: run.tap.fusion ?? null,
      others: store.runState(plan.run).others,
      method: run.method,
      seed: run.seed,
      fitted: store.fit(plan.run)?.fitted ?? null,
      options: plan.options,
    };
  }

  /** Picture by picture into the run's pack, each durable before it counts; then the files. */
  async work(items: readonly number[]): Promise<void> {
    const { run, out, options } = this.#plan;
    const pack = new LabelPack(this.#audit.folder, run);
    let failed = 0;
    try {
      const { scales } = (this.#opened = await this.#engine.call("openLabels", this.#spec));
      const kept = pack.open({ options, scales, items }) as LabelFacts[]; // written below
      failed = kept.filter(({ error }) => error !== null).length;
      this.#control.report({ tried: kept.length, failed });
      for (let tried = kept.length; tried < items.length; tried++) {
        await this.#control.checkpoint();
        this.#control.setRunning();
        const outcome = await this.#labelled(this.#itemOf(items[tried]));
        const { png, ...facts } = outcome;
        if (outcome.error) failed++;
        await commitWhenRoom(this.#control, () =>
          pack.append({ facts, bytes: png ?? new Uint8Array(0) }),
        );
        this.#control.report({ tried: tried + 1, failed });
      }
      await exportLabels(this.#audit, { run, out, options, scales }, pack);
    } finally {
      pack.close();
      if (this.#opened)
        await this.#engine
          .callOnce("closeLabels", { handle: this.#opened.handle })
          .catch(() => null); // gone with its process
    }
  }

  #itemOf(no: number): LabelItem {
    const { store } = this.#audit;
    const { classNames } = store.model(store.runById(this.#plan.run).modelId);
    return {
      no,
      path: itemPath(this.#audit, no),
      labels: labelsOf(this.#audit, classNames, no),
      evidence: itemEvidence(this.#audit, no),
    };
  }

  /** One picture; the engine is opened again where it died, and a picture it dies of again and again is its own failure. */
  async #labelled(item: LabelItem): Promise<LabelOutcome> {
    for (let crashes = 0; ;) {
      try {
        this.#opened ??= await this.#engine.callOnce("openLabels", this.#spec);
        const { handle } = this.#opened;
        return await this.#engine.callOnce("labelNext", { handle, item }, this.#control.signal);
      } catch (cause) {
        const isGone = cause instanceof AppError && cause.code === "engine/run-gone";
        if (!isGone && !(cause instanceof EngineStopped)) throw cause;
        this.#opened = null;
        this.#control.signal.throwIfAborted();
        if (isGone || ++crashes < crashesAllowed) continue;
        const error = new AppError("engine/stopped", { restarts: crashes }, { cause }).toJSON();
        return { ...unlabelled(item.no), error };
      }
    }
  }
}

function unlabelled(no: number): Omit<LabelOutcome, "error"> {
  return {
    no,
    width: 0,
    height: 0,
    classes: [],
    png: null,
    objects: [],
    coverage: [],
    pairs: null,
    sweep: null,
  };
}
