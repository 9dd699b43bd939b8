import type { Run } from "../../shared/contract/audits.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { methods } from "../../shared/domain/methods.ts";
import { quadrantOf } from "../../shared/domain/quadrant.ts";
import type { Judgement, Verdict } from "../../shared/domain/review.ts";
import { AppError } from "../../shared/errors/app-error.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { summarise as summariseMap } from "../../shared/heatmap/summary.ts";
import { EngineStopped } from "../engine/client.ts";
import type { EngineRequests } from "../engine/protocol.ts";
import type { Plate, PlateView, ReportData, ReportItem } from "../reports/report-data.ts";
import type { AuditStore } from "../store/audit-store.ts";
import type { Engines } from "./create-audit.ts";
import type { JobControl } from "./job-queue.ts";
import { checkFile } from "./file-check.ts";
import { itemEvidence, itemPath, type OpenedAudit } from "./opened-audit.ts";
import type { BuildRequest } from "./report-builder.ts";
import { reportRevision } from "./revision-changes.ts";
import { findingNumbers } from "./finding-numbers.ts";
import { packageVersion } from "./package-version.ts";
import { countedVerdicts, ratesOf } from "./rates.ts";
import { latestVerdicts, summarise } from "./summary.ts";
import { changedModels } from "./changed-models.ts";

/** Plates a report shows where nobody chose them. */
const platesShown = 12;
/** Edge of a plate's picture: 53.4 mm at 300 dots an inch; at 133 where there are many, for the PDF's size. */
const platePx = { few: 630, many: 280, fewIs: 60 } as const;
const topSuspects = 20;
/** The next pictures are decoded while one is drawn. */
const platesAtOnce = 4;

/** Reads everything a report is written from; hashes that are still missing are filled first. */
export async function gatherReport(
  audit: OpenedAudit,
  request: BuildRequest,
  engines: Engines,
  control: JobControl,
): Promise<ReportData> {
  const { store } = audit;
  const judged = [...store.allJudgements()].filter(({ verdict }) => verdict !== null);
  for (const no of new Set(judged.map(({ item }) => item))) {
    await control.checkpoint();
    await checkFile(audit, engines.images, no);
  }
  await fillHashes(audit, engines, control);
  const run = chooseRun(store, request);
  const summary = run ? summarise(store, run.id, topSuspects) : null;
  const findings = store.findings();
  const cases =
    request.plates ?? choosePlates(store, summary?.suspects.map(({ item }) => item) ?? []);
  const chosen = [...new Set([...findings.flatMap(({ plate }) => plate), ...cases])];
  control.report({ planned: chosen.length });
  const plateView = plateViewOf(run, chosen.length);
  const plates: (Plate | null)[] = [];
  for (let from = 0; from < chosen.length; from += platesAtOnce) {
    await control.checkpoint();
    const some = chosen.slice(from, from + platesAtOnce);
    const made = some.map((item) =>
      makePlate(audit, run, item, plateView, engines, control.signal),
    );
    plates.push(...(await Promise.all(made)));
    control.report({ tried: plates.length });
  }
  const overview = store.overview();
  return {
    audit: overview,
    run,
    model: run ? store.model(run.modelId).description : null,
    summary,
    items: reportItems(store, run),
    plates: plates.filter((plate) => plate !== null),
    platesLeftOut: chosen.filter((_, i) => plates[i] === null),
    plateView,
    regions: reportRegions(store),
    tests: [...store.allRegionTests()],
    sheets: store.runs().flatMap(({ id }) => {
      const sheet = store.sheet(id);
      return sheet ? [{ run: id, sheet }] : [];
    }),
    findings: findingNumbers(store, findings, run?.id ?? null).map((numbers, i) => ({
      finding: findings[i],
      numbers,
    })),
    meetings: store.meetings(),
    consensus: store.consensus(),
    readings: Object.fromEntries(store.queues().map(({ id }) => [id, store.readItems(id)])),
    plans: store.plans(),
    rates: ratesOf(store),
    counted: [...countedVerdicts(store)],
    changedModels: await changedModels(store),
    record: [...store.allRecord()],
    recordHash: store.recordTip().hash,
    software: software(),
    builtAt: new Date().toISOString(),
    revision: reportRevision(store),
    keepNames: request.keepNames,
  };
}

function chooseRun(store: AuditStore, { run }: BuildRequest): Run | null {
  if (run) return store.runById(run);
  return store.runs().findLast(({ done }) => done > 0) ?? null;
}

/** Spurious verdicts first, then the highest suspects. */
function choosePlates(store: AuditStore, suspects: readonly ItemNo[]): ItemNo[] {
  const spurious = [...latestVerdicts(store)]
    .filter(([, verdict]) => verdict === "spurious")
    .map(([item]) => item);
  return [...new Set([...spurious, ...suspects])].slice(0, platesShown);
}

/** One scale for all plates, so that their colours can be compared. */
function plateViewOf(run: Run | null, count: number): PlateView {
  const sizePx = count > platePx.fewIs ? platePx.many : platePx.few;
  const p99 = run?.rawP99 ?? null;
  const range = { low: 0, high: p99 ?? 1, scaling: p99 === null ? "fixed" : "run-p99" } as const;
  return { colours: "viridis", opacity: 0.45, threshold: 0.35, sizePx, ...range };
}

/** null: the picture cannot be read any more. */
async function makePlate(
  audit: OpenedAudit,
  run: Run | null,
  item: ItemNo,
  { colours, opacity, threshold, low, high, sizePx }: PlateView,
  engines: Engines,
  signal: AbortSignal,
): Promise<Plate | null> {
  const { store } = audit;
  const map = run ? store.readMap(run.id, item) : null;
  const shapes = store.regions(item).map(({ kind, shape }) => ({ kind, shape }));
  const made = await drawPlate(
    engines,
    {
      path: itemPath(audit, item),
      size: sizePx,
      map: map?.seen
        ? { values: map.values, height: map.height, width: map.width, seen: map.seen }
        : null,
      evidence: itemEvidence(audit, item),
      shapes,
      cover: store.cover(item),
      view: { colours, opacity, threshold, min: low, max: high },
    },
    signal,
  );
  if (!made) return null;
  const inside = run ? store.measure(run.id, item)?.measures.inside_energy : null;
  const insideEnergy = typeof inside === "number" ? inside : null;
  const values = map && run && fromZero(map.values, methods[run.method].zero);
  const summary = map && values ? summariseMap({ ...map, values, insideEnergy }) : "";
  return { item, ...made, shapes, summary };
}

type PlateRequest = EngineRequests["plate"]["in"];

/** A crashed engine starts again and the request is repeated, once; a picture that cannot be read is null. */
async function drawPlate(
  { images }: Engines,
  request: PlateRequest,
  signal: AbortSignal,
): Promise<EngineRequests["plate"]["out"] | null> {
  try {
    return await images.call("plate", request, signal).catch((cause: unknown) => {
      if (cause instanceof EngineStopped) return images.call("plate", request, signal);
      throw cause;
    });
  } catch (cause) {
    if (cause instanceof AppError) return null;
    throw cause;
  }
}

function reportItems(store: AuditStore, run: Run | null): ReportItem[] {
  const predictions = new Map(run ? store.predictions(run.id).map((one) => [one.item, one]) : []);
  const measures = new Map(run ? [...store.measures(run.id)].map((one) => [one.item, one]) : []);
  const judgements = Map.groupBy(store.allJudgements(), ({ item }) => item);
  const facets = new Map([...store.allFacets()].map((one) => [one.item, one.facets]));
  const verdicts = latestVerdicts(store);
  const model = run ? store.model(run.modelId) : null;
  return [...store.allItems()].map((item): ReportItem => {
    const prediction = predictions.get(item.no);
    const measure = measures.get(item.no);
    const map = run ? store.readMap(run.id, item.no) : null;
    const logits = run ? store.logits(run.id, item.no) : null;
    const names = model?.classNames ?? [];
    const probabilities = logits ? softmax(logits) : [];
    const label = item.label === null ? -1 : names.indexOf(item.label);
    const verdict: Verdict | null = verdicts.get(item.no) ?? null;
    const correct = prediction?.correct ?? null;
    return {
      ...item,
      facets: facets.get(item.no) ?? {},
      predicted: prediction ? (names[prediction.class] ?? String(prediction.class)) : null,
      confidence: prediction?.confidence ?? null,
      correct,
      top5: topFive(probabilities, names),
      scoreTrue: label >= 0 ? (probabilities[label] ?? null) : null,
      quadrant: quadrantOf(correct, verdict, measure?.predictedFocus ?? "unjudged"),
      why: measure?.why ?? null,
      map: map && {
        width: map.width,
        height: map.height,
        rawMin: map.rawMin,
        rawMax: map.rawMax,
        target: map.target === null ? null : (names[map.target] ?? String(map.target)),
        flags: map.flags,
      },
      flags: map?.flags ?? measure?.noMap ?? [],
      measures: measure?.measures ?? {},
      judgements: judgements.get(item.no) ?? ([] as Judgement[]),
    };
  });
}

function reportRegions(store: AuditStore): ReportData["regions"] {
  const entries = new Map<string, RecordEntry>();
  for (const entry of store.allRecord()) entries.set(entry.object, entry);
  return [...store.allRegions()].map((region) => {
    const entry = entries.get(`region/${region.id}`);
    return { ...region, at: entry?.at ?? "", recordNo: entry?.no ?? 0 };
  });
}

function topFive(probabilities: readonly number[], names: readonly string[]): ReportItem["top5"] {
  return probabilities
    .map((probability, index) => ({ name: names[index] ?? String(index), probability }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, 5);
}

function softmax(logits: Float32Array): number[] {
  if (logits.length === 1) {
    const positive = 1 / (1 + Math.exp(-logits[0]));
    return [1 - positive, positive];
  }
  const most = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - most));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

const hashesAtOnce = 64;

async function fillHashes(
  audit: OpenedAudit,
  engines: Engines,
  control: JobControl,
): Promise<void> {
  const { store } = audit;
  const missing = store.unhashed();
  for (let from = 0; from < missing.length; from += hashesAtOnce) {
    await control.checkpoint();
    const chunk = missing.slice(from, from + hashesAtOnce);
    const hashes = await engines.images.call("hash", {
      paths: chunk.map((no) => itemPath(audit, no)),
    });
    store.setAllDecoded(
      hashes.flatMap((hash, i) =>
        typeof hash === "string" ? [{ no: chunk[i], sha256: hash }] : [],
      ),
    );
    // What cannot be read today is tried again another day: it keeps its place in later runs.
  }
}

function software(): ReportData["software"] {
  return {
    version: packageVersion("package.json"),
    node: process.versions.node,
    runtime: `onnxruntime-node ${packageVersion("node_modules/onnxruntime-node/package.json")}`,
    platform: `${process.platform} ${process.arch}`,
  };
}
