import { createHash } from "node:crypto";
import type { Run } from "../../shared/contract/audits.ts";
import type { AuditId, ItemNo, RunId } from "../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../shared/domain/job.ts";
import { methods } from "../../shared/domain/methods.ts";
import { isGated } from "../../shared/domain/sheet-words.ts";
import {
  sheetRules,
  type MeasuredSheet,
  type ReliabilitySheet,
  type SheetOrder,
  type SheetState,
} from "../../shared/domain/sheet.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { sample } from "../../shared/statistics/sample.ts";
import { EngineStopped, type EngineClient } from "../engine/client.ts";
import type { SheetSpec } from "../engine/protocol.ts";
import { preparationHash, sheetId, type SheetKey } from "../store/sheets.ts";
import { assessRun } from "./finish-run.ts";
import type { JobControl } from "./job-queue.ts";
import { itemPath, type OpenedAudit } from "./opened-audit.ts";

/** Engine crashes before a sheet is given up. */
const crashesAllowed = 3;

export interface SheetWish {
  readonly run: RunId;
  readonly order: SheetOrder;
  readonly isSmooth: boolean;
  /** Makes it anew where there is one. */
  readonly again: boolean;
}

export const usualSheet = { order: "cascade", isSmooth: false, again: false } as const;

export interface StartedSheet {
  readonly job: Job | null;
  readonly existing: ReliabilitySheet | null;
}

/** Queues the reliability sheet of a run's maps, unless it is made already or under way. */
export function startSheet(
  audit: OpenedAudit,
  engine: EngineClient,
  wish: SheetWish,
): StartedSheet {
  const { store, jobs } = audit;
  const run = store.runById(wish.run);
  if (!hasSheet(run)) fail("sheet/one-layer", { no: run.no });
  const existing = store.sheet(run.id);
  if (existing && !wish.again) return { job: null, existing };
  store.mustBeWritable();
  const key = JSON.stringify(store.sheetKey(run.id));
  const underWay = jobs
    .list()
    .find(
      (job) =>
        job.kind === "sheet" &&
        !isEnded(job.state) &&
        job.run !== null &&
        JSON.stringify(store.sheetKey(job.run)) === key,
    );
  if (underWay)
    return {
      job: underWay.state === "paused" ? jobs.resume(underWay.id) : underWay,
      existing: null,
    };
  const job = jobs.add({
    kind: "sheet",
    title: message("jobs.sheet.title", { no: run.no, method: methods[run.method].label }),
    run: run.id,
    work: (control) => work(audit, engine, wish, control),
  });
  return { job, existing: null };
}

/** A sheet is of one layer of one model. */
export function hasSheet({ tap, others = [] }: Run): boolean {
  return !tap.fusion && others.length === 0;
}

/** The images of every sheet of an audit, in the order drawn: the same for each method, so that sheets compare. */
export function sheetItems({ store }: Pick<OpenedAudit, "store">): ItemNo[] {
  const readable = [...store.allItems()]
    .filter(({ error, isMissing }) => error === null && !isMissing)
    .map(({ no }) => no);
  return sample(readable, sheetRules.images, seedOf(store.facts.id));
}

/** The first 32 bits of the SHA-256 of the audit's id. */
function seedOf(id: AuditId): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0);
}

async function work(
  audit: OpenedAudit,
  engine: EngineClient,
  wish: SheetWish,
  control: JobControl,
): Promise<void> {
  const { store } = audit;
  const key = store.sheetKey(wish.run);
  const spec = specOf(audit, wish);
  for (let crashes = 0; ;) {
    try {
      const measured = await make(engine, spec, control);
      const before = store.runById(wish.run).sheet;
      store.addSheet(key, nameSheet(audit, store.runById(wish.run), measured));
      await passOn(audit, key, before);
      return;
    } catch (cause) {
      const isGone = cause instanceof AppError && cause.code === "engine/run-gone";
      if (!isGone && !(cause instanceof EngineStopped)) throw cause;
      control.signal.throwIfAborted();
      crashes += 1;
      control.report({ engineRestarts: crashes });
      if (crashes === crashesAllowed)
        throw new AppError("engine/stopped", { restarts: crashes }, { cause });
    }
  }
}

/** Where the warning comes or goes, the reasons of every item of the runs that it holds for are written again. */
async function passOn(
  { store }: OpenedAudit,
  { modelId, tap, method, fitSha256 }: SheetKey,
  before: SheetState,
): Promise<void> {
  for (const run of store.runs()) {
    const isItsOwn =
      run.modelId === modelId &&
      run.tap.name === tap &&
      run.method === method &&
      (run.fit?.sha256 ?? null) === fitSha256;
    if (isItsOwn && run.endedAt !== null && isGated(run.sheet) !== isGated(before))
      await assessRun(store, run);
  }
}

/** A few maps a call: between two of them the job can be paused, cancelled, or let a run by. */
async function make(
  engine: EngineClient,
  spec: SheetSpec,
  control: JobControl,
): Promise<MeasuredSheet> {
  await control.checkpoint();
  const { handle } = await engine.callOnce("openSheet", spec, control.signal);
  try {
    control.setRunning();
    for (;;) {
      await control.checkpoint();
      const { tried, planned, sheet } = await engine.callOnce(
        "sheetNext",
        { handle },
        control.signal,
      );
      control.report({ tried, planned });
      if (sheet) return sheet;
    }
  } finally {
    await engine.callOnce("closeSheet", { handle }).catch(() => null); // gone with its process
  }
}

function specOf(audit: OpenedAudit, { run: id, order, isSmooth }: SheetWish): SheetSpec {
  const { store } = audit;
  const run = store.runById(id);
  const model = store.model(run.modelId);
  const numbers = sheetItems(audit);
  const items = new Map(store.items(numbers).map((item) => [item.no, item]));
  return {
    modelPath: model.path,
    preparation: model.preparation,
    tap: run.tap.name,
    method: run.method,
    fitted: store.fit(id)?.fitted ?? null,
    seed: run.seed,
    order,
    isSmooth,
    items: numbers.map((no) => ({
      no,
      path: itemPath(audit, no),
      group: items.get(no)?.group ?? null,
      stored: storedMap(audit, run, no),
    })),
  };
}

/** What the unchanged model must give again: a map of one class. */
function storedMap(
  { store }: OpenedAudit,
  run: Run,
  no: ItemNo,
): SheetSpec["items"][number]["stored"] {
  if (run.target.kind === "top-2") return null;
  const map = store.readMap(run.id, no);
  return map && map.target !== null ? { map: map.values, target: map.target } : null;
}

function nameSheet({ store }: OpenedAudit, run: Run, measured: MeasuredSheet): ReliabilitySheet {
  const { preparation, description } = store.model(run.modelId);
  const made = {
    modelSha256: description.sha256,
    tap: run.tap.name,
    method: run.method,
  };
  const { fitSha256 } = store.sheetKey(run.id);
  return {
    id: sheetId({ ...made, preparation, fitSha256 }),
    ...made,
    preparationSha256: preparationHash(preparation),
    madeAt: new Date().toISOString(),
    ...measured,
  };
}
