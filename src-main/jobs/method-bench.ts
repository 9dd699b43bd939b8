import {
  isReference,
  type BenchEvent,
  type BenchItem,
  type BenchMapId,
  type BenchPane,
  type BenchSettings,
} from "../../shared/domain/bench.ts";
import type {
  BenchMap,
  BenchOutcome,
  BenchSpec,
  OpenedBench,
} from "../../shared/domain/bench-run.ts";
import { isByCell, type EvaluationGroup } from "../../shared/domain/evaluation.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { ItemNo, JobId } from "../../shared/domain/ids.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { SheetState } from "../../shared/domain/sheet.ts";
import { AppError, fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { EngineStopped, type EngineClient } from "../engine/client.ts";
import { benchResult, type BenchRow } from "./bench-result.ts";
import { drawStratified } from "./bench-sample.ts";
import { makeSheet } from "./bench-sheet.ts";
import { predicted } from "./preview.ts";

/** One image as a bench is given it. */
export interface BenchSubject {
  readonly no: ItemNo;
  /** As it is shown, and where it lies. */
  readonly path: string;
  readonly absolutePath: string;
  readonly label: string | null;
  readonly classNo: number | null;
  readonly group: string | null;
  readonly evidence: EvidenceSource | null;
  readonly shortcut: EvidenceSource | null;
}

export interface BenchPlan {
  readonly bench: string;
  readonly job: JobId | null;
  readonly spec: BenchSpec;
  readonly subjects: readonly BenchSubject[];
  readonly sample: number | null;
  readonly groups: readonly EvaluationGroup[];
  readonly classNames: readonly string[];
  readonly notes: readonly string[];
  /** The state of the reliability sheet of a method at a layer. */
  readonly sheetOf: (method: MethodId, tap: string) => SheetState;
  /** Whether missing sheets are made. */
  readonly sheets: "make" | "as-they-are";
}

export interface BenchControl {
  readonly signal?: AbortSignal | undefined;
  /** Waits while paused, throws once cancelled. */
  checkpoint?(): Promise<void>;
  /** Given every map of an image, in the order of the columns, before its event. */
  onMaps?(no: ItemNo, columns: readonly BenchMapId[], outcome: BenchOutcome): void;
}

/** Runs a bench image by image. An engine that dies opens the model again; an image it dies on three times is a failure. */
export async function* methodBench(
  plan: BenchPlan,
  engine: EngineClient,
  control: BenchControl = {},
): AsyncGenerator<BenchEvent> {
  const { spec, groups } = plan;
  const subjects = drawn(plan);
  if (subjects.length === 0) fail("bench/no-images", {});
  let opened = await engine.call("openBench", spec, control.signal);
  const settings: BenchSettings = {
    tap: opened.tap.name,
    grid: [opened.tap.grid[1], opened.tap.grid[2]],
    target: spec.target,
    curveUnit: isByCell(opened.tap.grid) ? "cell" : "pixel",
    seed: spec.seed,
    groups,
    sampled: subjects.length,
    of: plan.subjects.length,
    resampledBy: subjects.some(({ group }) => group !== null) ? "group" : "image",
    device: opened.device,
  };
  const { columns } = opened;
  const ids = columns.map(({ id }) => id);
  const started = { settings, columns: ids, unsupported: opened.unsupported };
  const { bench, job, classNames, notes } = plan;
  const planned = subjects.length;
  yield { kind: "started", bench, job, ...started, classNames, planned, notes };

  const rows: BenchRow[] = [];
  try {
    for (const [at, subject] of subjects.entries()) {
      await control.checkpoint?.();
      const outcome = await next(subject, subjects[at + 1] ?? null);
      rows.push({ outcome, group: subject.group });
      control.onMaps?.(subject.no, ids, outcome);
      yield { kind: "item", item: asItem(subject, ids, outcome), tried: at + 1 };
    }
  } finally {
    await engine.callOnce("closeBench", { handle: opened.handle }).catch(() => null); // gone with its process
  }
  const sheets = new Map<MethodId, SheetState>();
  const methods = ids.filter((id): id is MethodId => !isReference(id));
  for (const method of methods) sheets.set(method, plan.sheetOf(method, settings.tap));
  const missing = sheetsToMake(plan, ids, settings.tap);
  for (const [at, method] of missing.entries()) {
    await control.checkpoint?.();
    const made = await sheetOrWhy({ ...plan, method, tap: settings.tap }, engine, control.signal);
    sheets.set(method, made.verdict);
    const progress = { tried: at + 1, planned: missing.length };
    yield { kind: "sheet", method, ...made, ...progress };
  }
  yield { kind: "done", result: benchResult({ settings, columns, rows, sheets }) };

  async function next(subject: BenchSubject, ahead: BenchSubject | null): Promise<BenchOutcome> {
    for (let tries = 1; ; tries++) {
      const { handle }: OpenedBench = opened;
      const call = { handle, item: asSource(subject), groups, ahead: ahead && asSource(ahead) };
      try {
        return await engine.callOnce("benchNext", call, control.signal);
      } catch (cause) {
        if (!(cause instanceof EngineStopped)) throw cause;
        opened = await engine.call("openBench", spec, control.signal);
        if (tries === triesPerImage) return stoppedAt(subject);
      }
    }
  }
}

/** What a model cannot be tested for is no reason to lose what was measured. */
async function sheetOrWhy(
  request: Parameters<typeof makeSheet>[0],
  engine: EngineClient,
  signal: AbortSignal | undefined,
): Promise<{ readonly verdict: SheetState; readonly error: ErrorJson | null }> {
  try {
    return { verdict: await makeSheet(request, engine, signal), error: null };
  } catch (cause) {
    if (!(cause instanceof AppError) || !cause.code.startsWith("sheet/")) throw cause;
    return { verdict: "not-made", error: cause.toJSON() };
  }
}

/** The methods of a bench whose reliability sheets it makes after its images. */
export function sheetsToMake(
  { sheets, sheetOf }: Pick<BenchPlan, "sheets" | "sheetOf">,
  columns: readonly BenchMapId[],
  tap: string,
): readonly MethodId[] {
  if (sheets === "as-they-are") return [];
  return columns.filter(
    (id): id is MethodId => !isReference(id) && sheetOf(id, tap) === "not-made",
  );
}

const triesPerImage = 3;

/** An image on which the engine died every time. */
function stoppedAt({ no }: BenchSubject): BenchOutcome {
  const { code, details } = new AppError("engine/stopped", { restarts: triesPerImage });
  const nothing = { width: null, height: null, logits: null, target: null, seen: null };
  return { ...nothing, no, maps: [], forwards: 0, error: { code, details } };
}

/** Stratified by label, and by whether there is evidence and a shortcut region. */
function drawn({ subjects, sample, spec }: BenchPlan): readonly BenchSubject[] {
  const stratumOf = ({ label, evidence, shortcut }: BenchSubject) =>
    JSON.stringify([label, evidence !== null, shortcut !== null]);
  const size = sample ?? subjects.length;
  return drawStratified(subjects, stratumOf, { size, seed: spec.seed });
}

function asSource({ no, absolutePath, classNo, evidence, shortcut }: BenchSubject) {
  return { no, path: absolutePath, label: classNo, evidence, shortcut };
}

/** An outcome as it is told: maps travel as bytes. */
export function asItem(
  { no, path, label }: Pick<BenchSubject, "no" | "path" | "label">,
  columns: readonly BenchMapId[],
  outcome: BenchOutcome,
): BenchItem {
  const { logits, target, seen, width, height, maps, error } = outcome;
  const answer = logits ? predicted(logits) : null;
  return {
    no,
    path,
    label,
    target,
    predicted: answer?.best ?? null,
    probability: logits && target !== null ? probabilityOf(logits, target) : null,
    seen,
    widthPx: width,
    heightPx: height,
    panes: maps.map((map, at) => asPane(columns[at], map)),
    error,
  };
}

function asPane(id: BenchMapId, { map, flags, values, error }: BenchMap): BenchPane {
  const raw = map && {
    min: map.reduce((min, value) => Math.min(min, value), Infinity),
    max: map.reduce((max, value) => Math.max(max, value), -Infinity),
  };
  return { id, flags, raw, values, error };
}

function probabilityOf(logits: Float32Array, target: number): number {
  const { best, probability } = predicted(logits);
  if (target === best) return probability;
  return logits.length === 1
    ? 1 - probability
    : probability * Math.exp(logits[target] - logits[best]);
}

/** The title of its job. */
export function benchTitle(): string {
  return message("bench.title");
}
