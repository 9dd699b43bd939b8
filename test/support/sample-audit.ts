import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AuditId, ModelId, RunId } from "../../shared/domain/ids.ts";
import type { ModelDescription, TapDescription } from "../../shared/domain/model.ts";
import { presets } from "../../shared/domain/preparation.ts";
import type { AuditStore } from "../../src-main/store/audit-store.ts";
import { createAudit } from "../../src-main/store/open-audit.ts";
import type { NewModel } from "../../src-main/store/models.ts";
import { ann, ben, sampleItem, sampleRunId } from "./sample-outcomes.ts";

export { ann, ben, command, sampleItem, sampleOutcome, sampleRunId } from "./sample-outcomes.ts";

/** An audit folder that is gone after the test, with two readers, one model and a run of every item. */
export function sampleAudit(options: { readonly items?: number; readonly folder?: string } = {}): {
  readonly folder: string;
  readonly store: AuditStore;
  readonly run: RunId;
} {
  const folder = options.folder ?? join(temporaryFolder(), "sample.hansight");
  const store = createSample(folder, options.items);
  onTestFinished(() => store.closeNow());
  return { folder, store, run: sampleRunId };
}

/** The same, for hooks: whoever calls closes and removes it. */
export function createSample(folder: string, items = 12): AuditStore {
  const store = createAudit(folder, {
    id: "audit-1" as AuditId,
    name: "Sample",
    classes: ["clear", "nodule"],
    sources: { images: "/images", labels: null, classes: null, evidence: null },
    notes: ["Labels are the folder names"],
  });
  store.addReader({ id: ann, name: "Ann", initials: "A" });
  store.addReader({ id: ben, name: "Ben", initials: "B" });
  store.addItems(Array.from({ length: items }, (_, no) => sampleItem(no)));
  store.addModel(sampleModel);
  store.createRun({ ...sampleRun, id: sampleRunId });
  return store;
}

/** Removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hansight-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
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
