import type { DatasetPreview, ModelPreview, Overrides } from "../../shared/contract/intake.ts";
import type { AppError } from "../../shared/errors/app-error.ts";
import { sample } from "../../shared/statistics/sample.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { readDataset } from "../datasets/read-dataset.ts";
import { findOut, type Engines, type SourcePaths } from "./create-audit.ts";
import type { PreviewPictures } from "./preview-pictures.ts";
import { proofWarning } from "./prove-preparation.ts";

const shownThumbnails = 24;
const shownSamples = 8;

/** What a folder of images is, as it is found out: first the running count, then the whole. */
export async function* previewDataset(
  sources: Omit<SourcePaths, "model">,
  {
    engines,
    previews,
    signal,
  }: { engines: Engines; previews: PreviewPictures; signal: AbortSignal | undefined },
): AsyncGenerator<DatasetPreview> {
  const reading = emptyPreview("reading");
  yield reading;
  let found = 0;
  let wake: () => void = () => undefined;
  const dataset = readDataset({
    folder: sources.images,
    labels: sources.labels,
    labelAttribute: sources.labelAttribute ?? null,
    classes: sources.classes,
    evidence: sources.evidence,
    probe: (path) => engines.images.call("probe", { path }),
    signal,
    onProgress: ({ phase, done }) => {
      if (phase === "counting" || phase === "listing") found = Math.max(found, done);
      wake();
    },
  });
  let isDone = false;
  void dataset.finally(() => ((isDone = true), wake())).catch(() => undefined);
  for (let shown = 0; !isDone;) {
    await new Promise<void>((resolve) => (wake = resolve));
    if (isDone || found === shown) continue;
    yield { ...reading, images: (shown = found) };
  }
  yield describeDataset(await dataset, previews);
}

/** A model with the preparation that its labelled images prove, and eight of them through it. */
export async function previewModel(
  sources: SourcePaths,
  overrides: Overrides & { readonly preparationPath: string | null },
  { engines, previews }: { engines: Engines; previews: PreviewPictures },
): Promise<ModelPreview> {
  const { dataset, model } = await findOut(sources, overrides, engines);
  if (!model) throw new RangeError("a model preview needs a model");
  const { proof, description, path: modelPath } = model;
  const { preparation } = proof;
  const shown = sample(dataset.items, shownSamples, overrides.seed ?? 1);
  const [logits] = await engines.maps.call("predict", {
    modelPath,
    preparations: [preparation],
    paths: shown.map(({ absolutePath }) => absolutePath),
  });
  const warning: AppError | null = proofWarning(proof.verdict);
  return {
    description,
    preparation,
    classNames: [...dataset.classes],
    classSource: dataset.classSource.words,
    proof: proof.rows.map((row) => ({ ...row, isChosen: row.preset === preparation.preset })),
    warning: warning?.toJSON() ?? null,
    samples: shown.flatMap((item, i) => {
      const answer = logits[i];
      if (!(answer instanceof Float32Array)) return [];
      const { best, probability } = predicted(answer);
      return [
        {
          original: previews.original(item.absolutePath),
          prepared: previews.prepared(item.absolutePath, preparation),
          predicted: dataset.classes[best] ?? String(best),
          label: item.label,
          confidence: probability,
        },
      ];
    }),
  };
}

function describeDataset(dataset: Dataset, previews: PreviewPictures): DatasetPreview {
  const counts = new Map<string, number>();
  for (const { label } of dataset.items) {
    if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const labelled = dataset.items.filter(({ label, labels }) => label !== null || labels);
  return {
    state: "done",
    images: dataset.items.length,
    isClinical: dataset.items.some(({ isDicom }) => isDicom),
    formats: { ...dataset.formats },
    classes: [...counts].map(([name, items]) => ({ name, items })),
    matchedLabels: labelled.length,
    unmatchedRows: dataset.unmatchedRows.length,
    unmatchedFiles: dataset.unmatchedFiles.length,
    withEvidence: dataset.items.filter(({ evidence }) => evidence !== null).length,
    notes: [...dataset.notes],
    columns: dataset.columns.map(({ name }) => name),
    thumbnails: dataset.items
      .slice(0, shownThumbnails)
      .map(({ absolutePath }) => previews.original(absolutePath)),
  };
}

function emptyPreview(state: DatasetPreview["state"]): DatasetPreview {
  return {
    state,
    images: 0,
    isClinical: false,
    formats: {},
    classes: [],
    matchedLabels: 0,
    unmatchedRows: 0,
    unmatchedFiles: 0,
    withEvidence: 0,
    notes: [],
    columns: [],
    thumbnails: [],
  };
}

/** Class and probability: softmax, or of a single output its positive side. */
export function predicted(logits: Float32Array): { best: number; probability: number } {
  if (logits.length === 1) {
    const positive = 1 / (1 + Math.exp(-logits[0]));
    return positive >= 0.5
      ? { best: 1, probability: positive }
      : { best: 0, probability: 1 - positive };
  }
  const best = logits.indexOf(Math.max(...logits));
  const sum = logits.reduce((total, value) => total + Math.exp(value - logits[best]), 0);
  return { best, probability: 1 / sum };
}
