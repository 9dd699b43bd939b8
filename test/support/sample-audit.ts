import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Command, CommandBody } from "../../shared/domain/command.ts";
import type {
  AuditId,
  CommandId,
  ItemNo,
  ModelId,
  ReaderId,
  RunId,
} from "../../shared/domain/ids.ts";
import type { ItemOutcome, NewItem } from "../../shared/domain/item.ts";
import type { ModelDescription, TapDescription } from "../../shared/domain/model.ts";
import { presets } from "../../shared/domain/preparation.ts";
import { createAudit, type AuditStore } from "../../src-main/store/audit-store.ts";
import type { NewModel } from "../../src-main/store/models.ts";

/** An audit folder that is gone after the test, with two readers, one model and a run of every item. */
export function sampleAudit(options: { readonly items?: number; readonly folder?: string } = {}): {
  readonly folder: string;
  readonly store: AuditStore;
  readonly run: RunId;
} {
  const folder = options.folder ?? join(temporaryFolder(), "sample.hansight");
  const store = createAudit(folder, {
    id: "audit-1" as AuditId,
    name: "Sample",
    classes: ["clear", "nodule"],
    sources: { images: "/images", labels: null, classes: null, evidence: null },
    notes: ["Labels are the folder names"],
  });
  store.addReader({ id: ann, name: "Ann", initials: "A" });
  store.addReader({ id: ben, name: "Ben", initials: "B" });
  store.addItems(Array.from({ length: options.items ?? 12 }, (_, no) => sampleItem(no)));
  store.addModel(sampleModel);
  store.createRun({ ...sampleRun, id: sampleRunId });
  onTestFinished(() => store.closeNow());
  return { folder, store, run: sampleRunId };
}

/** Removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hansight-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const ann = "reader-ann" as ReaderId;
export const ben = "reader-ben" as ReaderId;
export const sampleRunId = "run-1" as RunId;

/** Odd items are nodules, every third has evidence, sites go round in fours. */
export function sampleItem(no: ItemNo): NewItem {
  return {
    path: `${no % 2 ? "nodule" : "clear"}/${no}.png`,
    bytes: 1000 + no,
    modifiedMs: 1_700_000_000_000 + no,
    label: no % 2 ? "nodule" : "clear",
    split: no % 5 ? "train" : "test",
    group: `patient ${no >> 1}`,
    facets: { site: `site ${no % 4}` },
    evidence:
      no % 3
        ? null
        : { kind: "shapes", shapes: [{ kind: "rect", x: 0.2, y: 0.2, w: 0.5, h: 0.5 }] },
  };
}

const tap: TapDescription = {
  name: "features",
  grid: [8, 3, 4],
  layout: "channels-first",
  prefixTokens: 0,
  isDefault: true,
  isScaleFree: false,
  reason: "pooling-input",
};

const description: ModelDescription = {
  fileName: "model.onnx",
  sha256: "5e".repeat(32),
  opset: 17,
  producer: "test",
  input: {
    name: "x",
    dims: ["n", 1, 64, 64],
    elementType: "float32",
    layout: "NCHW",
    channels: 1,
    heightPx: 64,
    widthPx: 64,
    fixedBatch: null,
  },
  output: { name: "y", classes: 2, stripped: "none" },
  head: "pooled-linear",
  taps: [tap],
  methods: [],
  classNames: null,
};

export const sampleModel: NewModel = {
  id: "model-1" as ModelId,
  path: "/models/model.onnx",
  classNames: ["clear", "nodule"],
  preparation: {
    preset: "grey-unit",
    ...presets["grey-unit"],
    geometry: { kind: "stretch" },
    resample: "area",
    widthPx: 64,
    heightPx: 64,
    layout: "NCHW",
  },
  description,
  isProven: true,
  accuracy: { right: 9, n: 10 },
};

export const sampleRun = {
  modelId: sampleModel.id,
  method: "cam",
  tap,
  target: { kind: "predicted" },
  secondMethod: null,
  seed: 1,
  device: "cpu",
  gradient: "closed-form",
  items: null,
  identity: "identity-1",
} as const;

/** Predicts "nodule" for items 0, 1, 4, 5, 8, 9 …, with logits one apart; a 3 × 4 map whose value k is no + k / 100. */
export function sampleOutcome(no: ItemNo, changes: Partial<ItemOutcome> = {}): ItemOutcome {
  return {
    no,
    sha256: no.toString(16).padStart(64, "0"),
    width: 100,
    height: 80,
    averageGrey: no % 256,
    logits: Float32Array.of(0, no % 4 < 2 ? 1 : -1),
    target: no % 4 < 2 ? 1 : 0,
    map: Float32Array.from({ length: 12 }, (_, k) => no + k / 100),
    mapDims: [3, 4],
    flags: [],
    seen: { x: 0, y: 0, width: 100, height: 80 },
    metrics: { entropy: (no % 10) / 10, agreement: "not-in-sample" },
    artefacts: {},
    error: null,
    ...changes,
  };
}

let commands = 0;

/** A command of Ann's with an id of its own, unless told otherwise. */
export function command(
  body: CommandBody,
  by: { readonly readerId?: ReaderId; readonly id?: string } = {},
): Command {
  const id = (by.id ?? `command-${++commands}`) as CommandId;
  return { ...body, id, readerId: by.readerId ?? ann };
}
