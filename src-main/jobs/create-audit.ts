import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import type { Overrides } from "../../shared/contract/intake.ts";
import type { AuditId, ModelId } from "../../shared/domain/ids.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { windowWords } from "../../shared/messages/window-words.ts";
import { explainError } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { unitKeys } from "../datasets/unit-keys.ts";
import { readDataset } from "../datasets/read-dataset.ts";
import type { EngineClient } from "../engine/client.ts";
import { createAudit } from "../store/open-audit.ts";
import {
  proofWarning,
  provePreparation,
  wishOf,
  type PreparationProof,
} from "./prove-preparation.ts";
import { readPreparation } from "./read-preparation.ts";

/** Real paths of what an audit is made from. */
export interface SourcePaths {
  readonly images: string;
  readonly labels: string | null;
  /** A DICOM attribute whose value is the label. */
  readonly labelAttribute?: string | null;
  readonly classes: string | null;
  readonly evidence: string | null;
  readonly model: string | null;
}

export interface Engines {
  readonly maps: EngineClient;
  readonly images: EngineClient;
}

/** Everything found out before anything is written. */
export interface Findings {
  readonly dataset: Dataset;
  readonly model: {
    readonly path: string;
    readonly description: ModelDescription;
    readonly proof: PreparationProof;
  } | null;
  readonly notes: readonly string[];
}

/**
 * Reads dataset and model, and proves the preparation.
 *
 * @throws AppError every refusal of `datasets`, `models` and `preparation`: nothing has been written then
 */
export async function findOut(
  sources: SourcePaths,
  overrides: Overrides & { readonly preparationPath: string | null },
  engines: Engines,
): Promise<Findings> {
  const description = sources.model
    ? await engines.maps.call("inspect", { modelPath: sources.model, preparation: null })
    : null;
  const dataset = await readDataset({
    folder: sources.images,
    labels: sources.labels,
    labelAttribute: sources.labelAttribute ?? null,
    classes: sources.classes,
    evidence: sources.evidence,
    model: sources.model,
    modelClasses: description?.classNames ?? null,
    outputs: description?.output.classes ?? null,
    probe: (path) => engines.images.call("probe", { path }),
  });
  if (!sources.model || !description) return { dataset, model: null, notes: dataset.notes };
  const proof = await provePreparation(
    engines.maps,
    { path: sources.model, description },
    dataset.items,
    {
      names: dataset.classes,
      source: message("jobs.classes.guessed"),
      isGuess: dataset.classSource.kind !== "file" && dataset.classSource.kind !== "model",
    },
    {
      ...wishOf(overrides, description),
      whole: await readPreparation(overrides.preparationPath),
      seed: overrides.seed ?? 1,
    },
  );
  await tryRun(engines.maps, sources.model, overrides, proof.preparation);
  const model = { path: sources.model, description, proof };
  const isClinical = dataset.items.some(({ isDicom }) => isDicom);
  const fed = isClinical ? [windowNote(proof.preparation)] : [];
  return { dataset, model, notes: [...dataset.notes, ...proofNotes(proof), ...fed] };
}

/** Layer, method and target that were asked for are refused here, before there is a folder, if the run would refuse them. */
async function tryRun(
  engine: EngineClient,
  modelPath: string,
  { tap, method, target, seed }: Overrides,
  preparation: Preparation,
): Promise<void> {
  if (tap === null && method === null && target === null) return;
  const { handle } = await engine.call("openRun", {
    modelPath,
    preparation,
    tap,
    method,
    secondMethod: null,
    target: target ?? { kind: "predicted" },
    seed: seed ?? 1,
  });
  await engine.callOnce("closeRun", { handle }).catch(() => null); // gone with its process
}

/** Writes the audit folder of what was found. */
export async function createAuditFolder(
  into: string,
  plan: { readonly name: string; readonly purpose: string; readonly sources: SourcePaths },
  { dataset, model, notes }: Findings,
): Promise<{ readonly auditId: AuditId; readonly folder: string }> {
  const folder = join(into, `${plan.name}.hansight`);
  const auditId = randomUUID() as AuditId; // the one place that makes them
  const store = createAudit(folder, {
    id: auditId,
    name: plan.name,
    classes: dataset.classes,
    sources: plan.sources,
    notes,
    texts: plan.purpose ? { purpose: plan.purpose } : {},
    medical:
      dataset.items.some(({ isDicom }) => isDicom) ||
      (model ? isMedical(model.proof.preparation) : false),
  });
  try {
    const secret = store.secret();
    store.addItems(
      dataset.items.map((item) => ({
        path: item.path,
        frame: item.frame,
        frames: item.frames,
        isMissing: item.isMissing,
        bytes: item.bytes,
        modifiedMs: item.modifiedMs,
        label: item.label,
        split: item.split,
        ...(item.isDicom ? unitKeys(secret, item.ids, item.group) : { group: item.group }),
        facets: item.facets,
        evidence: item.evidence,
      })),
    );
    if (model) {
      const { verdict, preparation } = model.proof;
      store.addModel({
        id: randomUUID() as ModelId, // the one place that makes them
        path: model.path,
        classNames: dataset.classes,
        preparation,
        description: { ...model.description, fileName: basename(model.path) },
        isProven: verdict.kind === "proven",
        accuracy: accuracyOf(model.proof),
      });
    }
  } finally {
    await store.close();
  }
  return { auditId, folder };
}

/** Grey pictures of a size that nobody writes digits in: shown as not for diagnostic use. */
function isMedical({ channels, widthPx, heightPx }: Preparation): boolean {
  return channels === "grey" && Math.min(widthPx, heightPx) >= 96;
}

function accuracyOf({ rows, preparation }: PreparationProof): { right: number; n: number } | null {
  const row = rows.find(({ preset }) => preset === preparation.preset) ?? rows[0];
  return row && row.n > 0 ? { right: row.right, n: row.n } : null;
}

/** What the model is fed of values beyond eight bits. */
function windowNote({ window = { kind: "stored" } }: Preparation): string {
  return message("dicom.note.window", { window: windowWords(window) });
}

function proofNotes({ verdict, preparation }: PreparationProof): string[] {
  const { preset } = preparation;
  const warning = proofWarning(verdict);
  if (warning) return [explainError(warning.toJSON()).what];
  if (verdict.kind !== "proven") return [message("jobs.note.preparation.unproven", { preset })];
  const { right, n } = verdict.best;
  return [message("jobs.note.preparation.proven", { preset, right, n })];
}
