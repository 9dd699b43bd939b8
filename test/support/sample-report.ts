import { deflateSync, crc32 } from "node:zlib";
import type { Audit, Model, Queue, Run } from "../../shared/contract/audits.ts";
import type { CommandId, ModelId, QueueId, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { Judgement } from "../../shared/domain/review.ts";
import { quadrantOf } from "../../shared/domain/quadrant.ts";
import {
  placedQuadrants,
  type PlacedQuadrant,
  type Rate,
  type Rates,
} from "../../shared/domain/rates.ts";
import { estimatedRate } from "../../shared/statistics/estimated-rate.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { presets } from "../../shared/domain/preparation.ts";
import type { Plate, ReportData, ReportItem } from "../../src-main/reports/report-data.ts";

export const meyer = "reader-1" as ReaderId;
export const sampleRun: Run = {
  id: "run-1" as RunId,
  no: 1,
  modelId: "model-1" as ModelId,
  method: "cam",
  tap: {
    name: "features",
    grid: [8, 10, 12],
    layout: "channels-first",
    prefixTokens: 0,
    isDefault: true,
    isScaleFree: false,
    reason: "pooling-input",
  },
  target: { kind: "predicted" },
  secondMethod: null,
  seed: 7,
  startedAt: "2026-03-03T13:00:00.000Z",
  endedAt: "2026-03-03T13:01:00.000Z",
  done: 4,
  failed: 0,
  planned: 4,
  device: "cpu",
  gradient: "closed-form",
  rawP99: 17.66,
  rawMin: -2,
  weakBelow: 0.5,
  sheet: "not-made",
};

const model: Model = {
  id: "model-1" as ModelId,
  fileName: "chest.onnx",
  sha256: "5e".repeat(32),
  classNames: ["clear", "nodule"],
  preparation: {
    preset: "grey-unit",
    ...presets["grey-unit"],
    geometry: { kind: "stretch" },
    resample: "area",
    widthPx: 120,
    heightPx: 100,
    layout: "NCHW",
  },
  isProven: true,
  accuracy: { right: 9, n: 10 },
};

/** Four items: 0 and 1 are right, 2 is wrong, 3 has neither label nor map. */
function sampleItem(no: number): ReportItem {
  const isKnown = no < 3;
  return {
    no,
    path: `ward ${no}/${no}.png`,
    frame: null,
    frames: 1,
    study: null,
    earlierFile: null,
    bytes: 1000 + no,
    modifiedMs: 1_700_000_000_000,
    sha256: String(no).repeat(64),
    width: 100,
    height: 80,
    averageGrey: 100,
    label: isKnown ? (no === 1 ? "nodule" : "clear") : null,
    labels: [],
    split: null,
    group: `patient ${no >> 1}`,
    hasEvidence: no === 1,
    isMissing: false,
    error: null,
    facets: { Site: "north", "Body part": "chest" },
    predicted: isKnown ? (no === 0 ? "clear" : "nodule") : null,
    confidence: isKnown ? 0.75 : null,
    correct: isKnown ? no < 2 : null,
    top5: isKnown
      ? [
          { name: "clear", probability: 0.75 },
          { name: "nodule", probability: 0.25 },
        ]
      : [],
    scoreTrue: isKnown ? 0.75 : null,
    quadrant: (["right-on", "right-off", "wrong-off", "unjudged"] as const)[no],
    why: isKnown ? "Right at 75 % confidence: strongest lower left." : null,
    map: isKnown
      ? { width: 12, height: 10, rawMin: -2, rawMax: 17.5, target: "nodule", flags: [] }
      : null,
    flags: [],
    measures: isKnown
      ? {
          inside_energy: no === 1 ? 0.125 : "no-evidence",
          evidence_area: no === 1 ? 0.0625 : "no-evidence",
          border_share: 0.5,
          entropy: 0.25,
          agreement: -0.25,
          stability: "not-in-sample",
          raw_max: 17.5,
          suspicion: 0.5,
        }
      : {},
    judgements: [],
  };
}

export function judgement(item: number, changes: Partial<Judgement> = {}): Judgement {
  return {
    item,
    run: sampleRun.id,
    readerId: meyer,
    verdict: "spurious",
    reasons: ["marker"],
    certainty: null,
    comment: "",
    fault: null,
    discuss: false,
    view: null,
    at: "2026-03-03T13:02:00.000Z",
    recordNo: 3,
    ...changes,
  };
}

export const randomQueue: Queue = {
  id: "queue-1" as QueueId,
  name: "Random sample",
  rule: { kind: "random", seed: 7, size: 4, listSha256: "ab".repeat(32) },
  items: [2, 0, 3, 1],
  read: 0,
};

const audit: Audit = {
  id: "audit-1" as AuditId,
  name: "Chest pilot",
  createdAt: "2026-03-03T12:00:00.000Z",
  isReadOnly: false,
  revision: { no: 1, state: "draft", signed: 0, signers: 0 },
  items: 4,
  unreadable: 0,
  classes: ["clear", "nodule"],
  hasEvidence: true,
  medical: true,
  models: [model],
  runs: [sampleRun],
  queues: [randomQueue],
  columns: [],
  readers: [{ id: meyer, name: "A. Meyer", initials: "AM", role: "lead", fingerprint: null }],
  recordNo: 2,
  savedAt: "2026-03-03T13:02:00.000Z",
  texts: {
    purpose: "",
    "intended-use": "",
    audience: "",
    decision: "",
    "evidence-definition": "",
    summary: "",
    "early-report": "",
    actions: "",
    limits: "",
  },
  notes: ["Labels are the folder names"],
};

/** An entry of the record as the store writes it; its hash is not a real one. */
export function recordEntry(no: number, changes: Partial<RecordEntry> = {}): RecordEntry {
  const hash = String(no % 10).repeat(64);
  const entry: RecordEntry = {
    no,
    at: `2026-03-03T13:00:0${no % 10}.000Z`,
    readerId: meyer,
    action: "verdict.set",
    object: `item/${no}`,
    before: {},
    after: null,
    commandId: `command-${no}` as CommandId,
    prevHash: String((no + 9) % 10).repeat(64),
    hash,
    ...changes,
  };

  return entry;
}

export function samplePlate(item: number): Plate {
  return {
    item,
    image: greyPng(40),
    map: greyPng(90),
    overlay: greyPng(140),
    summary: "Heat strongest lower left: 40 % of heat in 5 % of the area.",
    shapes: [],
  };
}

/** A report of four items and one run, with one plate. */
export function sampleReport(changes: Partial<ReportData> = {}): ReportData {
  const report: Omit<ReportData, "readings" | "rates" | "counted"> = {
    audit,
    run: sampleRun,
    model: null,
    summary: {
      items: 4,
      answered: { right: 2, n: 3 },
      quadrants: { "right-on": 1, "right-off": 1, "wrong-on": 0, "wrong-off": 1, unjudged: 1 },
      failed: 0,
      weak: 0,
      order: "suspicion",
      suspects: [{ item: 1, path: "ward 1/1.png", label: "nodule", score: 0.5, why: "Right." }],
    },
    items: [0, 1, 2, 3].map(sampleItem),
    plates: [samplePlate(1)],
    platesLeftOut: [],
    plateView: {
      colours: "viridis",
      scaling: "run-p99",
      low: 0,
      high: 17.66,
      opacity: 0.45,
      threshold: 0.35,
      sizePx: 630,
    },
    sheets: [],
    regions: [],
    tests: [],
    findings: [],
    meetings: [],
    consensus: [],
    plans: [],
    changedModels: [],
    record: [],
    recordHash: "cd".repeat(32),
    software: {
      version: "0.1.0",
      node: "24.0.0",
      runtime: "onnxruntime-node 1.0",
      platform: "linux x64",
    },
    builtAt: "2026-03-17T14:03:05.000Z",
    revision: { no: 1, isDraft: true, lockedAt: null, signers: [], since: null },
    keepNames: true,
    ...changes,
  };
  return { readings: readingsOf(report), ...ratesIn(report), ...report, ...changes };
}

/** Every judged item of a queue as read in it. */
function readingsOf({ audit, items }: Pick<ReportData, "audit" | "items">): ReportData["readings"] {
  const judged = new Set(items.filter((one) => one.judgements.length > 0).map(({ no }) => no));
  return Object.fromEntries(
    audit.queues.map((queue) => [queue.id, queue.items.filter((no) => judged.has(no))]),
  );
}

/** Rates of the random queue, of ten times as many images as it holds; each judgement counts. */
function ratesIn({
  audit,
  items,
}: Pick<ReportData, "audit" | "items">): Pick<ReportData, "rates" | "counted"> {
  const queue = audit.queues.find(({ rule }) => rule.kind === "random");
  const read = (queue?.items ?? []).flatMap((no) => {
    const item = items.find((one) => one.no === no);
    const judged = item?.judgements.find(({ run }) => run === sampleRun.id);
    return item && judged?.verdict ? [{ item, verdict: judged.verdict }] : [];
  });
  const population = 10 * (queue?.items.length ?? 0);
  const rateOf = (isFinding: (one: (typeof read)[number]) => boolean) =>
    estimatedRate(
      read.map((one) => ({ isFinding: isFinding(one), stratum: 0, patient: null })),
      [population],
      { seed: 7 },
    );
  const overall = rateOf(({ verdict }) => verdict === "spurious");
  const inPlace = (place: PlacedQuadrant): Rate | null =>
    rateOf(({ item, verdict }) => quadrantOf(item.correct, verdict, "unjudged") === place);
  const counts = { sound: 0, spurious: 0, mixed: 0, unclear: 0, unreliable: 0 };
  for (const { verdict } of read) counts[verdict] += 1;
  const labels = [...new Set(read.flatMap(({ item }) => item.label ?? []))];
  const rates: Rates = {
    queue: queue?.id ?? null,
    plan: null,
    seed: 7,
    listSha256: "ab".repeat(32),
    population,
    size: queue?.items.length ?? 0,
    read: read.length,
    verdicts: counts,
    overall,
    quadrants:
      overall &&
      (Object.fromEntries(placedQuadrants.map((place) => [place, inPlace(place)])) as Record<
        PlacedQuadrant,
        Rate
      >), // something was read
    cause: overall ? null : queue ? "not-read" : "no-sample",
    groups: labels.map((name) => {
      const own = read.filter(({ item }) => item.label === name);
      return {
        kind: "class",
        name,
        population: 10 * own.length,
        sampled: own.length,
        rate: estimatedRate(
          own.map(({ verdict }) => ({
            isFinding: verdict === "spurious",
            stratum: 0,
            patient: null,
          })),
          [10 * own.length],
          { seed: 7 },
        ),
      };
    }),
    acceptance: null,
    agreement: null,
    disagreements: [],
  };
  return { rates, counted: read.map(({ item, verdict }) => [item.no, verdict] as const) };
}

export { audit as sampleAuditFacts };

/** A PNG of 8 × 8 pixels of one grey. */
function greyPng(grey: number): Uint8Array {
  const chunk = (type: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length);
    head.write(type, 4, "latin1");
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])));
    return Buffer.concat([head, body, crc]);
  };
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0]);
  const rows = Buffer.concat(
    Array.from({ length: 8 }, () => Buffer.from([0, ...Array<number>(8).fill(grey)])),
  );
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(rows)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
}
