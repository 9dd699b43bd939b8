import { z } from "zod";
import type { Client } from "../../../shared/contract/client.ts";
import {
  overridesSchema,
  type DatasetPreview,
  type ModelPreview,
  type Overrides,
} from "../../../shared/contract/intake.ts";
import { placeIdSchema } from "../../../shared/contract/schemas.ts";
import type { AuditId, CommandId, ReaderId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

export const sourceNames = ["images", "labels", "classes", "evidence", "model"] as const;
export type SourceName = (typeof sourceNames)[number];

export const purposeFields = [
  "purpose",
  "decision",
  "intended-use",
  "audience",
  "evidence-definition",
] as const;
export type PurposeField = (typeof purposeFields)[number];

const pickedSchema = z.object({ id: placeIdSchema, name: z.string() }).nullable();
/** A place as the form keeps it: the host's id, and the name that people see. */
export type Picked = z.infer<typeof pickedSchema>;

const draftSchema = z.object({
  name: z.string(),
  into: pickedSchema,
  sources: z.record(z.enum(sourceNames), pickedSchema),
  /** A DICOM attribute to label by; empty: none. */
  labelAttribute: z.string().default(""),
  overrides: overridesSchema,
  purpose: z.record(z.enum(purposeFields), z.string()),
});
type Draft = z.infer<typeof draftSchema>;

const KEY = "hansight.intake-draft";

const emptyDraft: Draft = {
  name: "",
  into: null,
  sources: { images: null, labels: null, classes: null, evidence: null, model: null },
  labelAttribute: "",
  overrides: {
    preset: null,
    geometry: null,
    resample: null,
    preparationFile: null,
    method: null,
    tap: null,
    target: null,
    seed: null,
  },
  purpose: {
    purpose: "",
    decision: "",
    "intended-use": "",
    audience: "",
    "evidence-definition": "",
  },
};

/** The form of a new audit: what was chosen, what was found in it, and a draft that survives a reload. */
export class IntakeState {
  draft = $state.raw<Draft>(readDraft());
  dataset = $state.raw<DatasetPreview | null>(null);
  datasetError = $state.raw<ErrorJson | null>(null);
  readonly datasetErrorCard = $derived(this.datasetError && cardOfError(this.datasetError));
  /** Seconds the last reading took; null while it goes on. */
  readSeconds = $state.raw<number | null>(null);
  model = $state.raw<ModelPreview | null>(null);
  modelError = $state.raw<ErrorJson | null>(null);
  isTryingModel = $state(false);
  isCreating = $state(false);
  createError = $state.raw<ErrorJson | null>(null);

  readonly #api: Client;
  #reading: AbortController | null = null;
  #trying: AbortController | null = null;

  readonly isEmpty = $derived(JSON.stringify(this.draft) === JSON.stringify(emptyDraft));
  readonly filled = $derived(
    purposeFields.filter((field) => this.draft.purpose[field].trim() !== "").length,
  );
  /** Why it cannot be created yet; null when it can (RX-43: images alone are enough). */
  readonly missing: "images" | "reading" | "name" | null = $derived(
    this.draft.sources.images === null || this.datasetError !== null || this.dataset?.images === 0
      ? "images"
      : this.draft.name.trim() === ""
        ? "name"
        : this.dataset === null
          ? "reading"
          : null,
  );

  constructor(api: Client) {
    this.#api = api;
  }

  /** Reads what an earlier draft had chosen. */
  open(): void {
    void this.#readDataset();
    void this.#tryModel();
  }

  close(): void {
    this.#reading?.abort();
    this.#trying?.abort();
  }

  setName(name: string): void {
    this.#change({ name });
  }

  setInto(into: Picked): void {
    this.#change({ into });
  }

  setPurpose(field: PurposeField, text: string): void {
    this.#change({ purpose: { ...this.draft.purpose, [field]: text } });
  }

  /** Chooses a place (null takes it away) and reads again whatever depends on it. */
  setSource(source: SourceName, picked: Picked): void {
    const sources = { ...this.draft.sources, [source]: picked };
    // Another model brings its own preparation and layers.
    const overrides = source === "model" ? emptyDraft.overrides : this.draft.overrides;
    const isUnnamed = this.draft.name.trim() === "" && source === "images" && picked !== null;
    const name = isUnnamed ? auditNameOf(picked.name) : this.draft.name;
    this.#change({ sources, overrides, name });
    if (source !== "model") void this.#readDataset();
    if (source !== "evidence") void this.#tryModel();
  }

  setLabelAttribute(labelAttribute: string): void {
    this.#change({ labelAttribute: labelAttribute.trim() });
    void this.#readDataset();
    void this.#tryModel();
  }

  setOverride(changes: Partial<Overrides>): void {
    this.#change({ overrides: { ...this.draft.overrides, ...changes } });
    void this.#tryModel();
  }

  discard(): void {
    this.close();
    this.draft = emptyDraft;
    this.dataset = this.model = this.datasetError = this.modelError = this.createError = null;
    localStorage.removeItem(KEY);
  }

  /** Makes the audit; the draft goes only once it exists. */
  async create(readerId: ReaderId): Promise<AuditId | null> {
    if (this.missing !== null || this.isCreating) return null;
    this.isCreating = true;
    this.createError = null;
    const { name, into, purpose, overrides } = this.draft;
    try {
      const { auditId } = await this.#api.intake.create({
        name: name.trim(),
        into: into?.id ?? null,
        sources: this.#sources(),
        overrides,
        purpose: purpose.purpose.trim(),
      });
      await this.#writeTexts(auditId, readerId);
      this.discard();
      return auditId;
    } catch (cause) {
      this.createError = toErrorJson(cause);
      return null;
    } finally {
      this.isCreating = false;
    }
  }

  async #writeTexts(auditId: AuditId, readerId: ReaderId): Promise<void> {
    for (const field of purposeFields) {
      const text = this.draft.purpose[field].trim();
      if (field === "purpose" || text === "") continue;
      const id = crypto.randomUUID() as CommandId; // sound: a fresh id is what the brand stands for
      const command = { id, readerId, kind: "report.text" as const, field, text };
      await this.#api.audits.apply({ auditId, command });
    }
  }

  #change(changes: Partial<Draft>): void {
    this.draft = { ...this.draft, ...changes };
    localStorage.setItem(KEY, JSON.stringify(this.draft));
  }

  #sources() {
    const { images, labels, classes, evidence, model } = this.draft.sources;
    if (images === null) throw new TypeError("asked for sources before images were chosen");
    return {
      images: images.id,
      labels: labels?.id ?? null,
      labelAttribute: labels === null ? this.draft.labelAttribute || null : null,
      classes: classes?.id ?? null,
      evidence: evidence?.id ?? null,
      model: model?.id ?? null,
    };
  }

  async #readDataset(): Promise<void> {
    this.#reading?.abort();
    this.datasetError = null;
    this.readSeconds = null;
    if (this.draft.sources.images === null) {
      this.dataset = null;
      return;
    }
    const reading = (this.#reading = new AbortController());
    const { signal } = reading;
    const { model: _model, ...sources } = this.#sources();
    const started = performance.now();
    try {
      const previews = await this.#api.intake.previewDataset(sources, { signal });
      for await (const preview of previews) {
        if (signal.aborted) return;
        this.dataset = preview;
      }
      this.readSeconds = (performance.now() - started) / 1000;
    } catch (cause) {
      if (signal.aborted) return;
      this.dataset = null;
      this.datasetError = toErrorJson(cause);
    }
  }

  async #tryModel(): Promise<void> {
    this.#trying?.abort();
    this.modelError = null;
    const { images, model } = this.draft.sources;
    if (images === null || model === null) {
      this.model = null;
      this.isTryingModel = false;
      return;
    }
    const trying = (this.#trying = new AbortController());
    const { signal } = trying;
    this.isTryingModel = true;
    try {
      const { overrides } = this.draft;
      const preview = await this.#api.intake.previewModel(
        { sources: this.#sources(), overrides },
        { signal },
      );
      if (!signal.aborted) this.model = preview;
    } catch (cause) {
      if (!signal.aborted) {
        this.model = null;
        this.modelError = toErrorJson(cause);
      }
    }
    if (!signal.aborted) this.isTryingModel = false;
  }
}

/** The card that a failure of reading the dataset belongs to: beside what has to be changed. */
export function cardOfError(error: ErrorJson): "images" | "labels" | "model" {
  if (/^(labels|evidence)\//.test(error.code)) return "labels";
  return error.code.startsWith("classes/") ? "model" : "images";
}

/** A name for an audit of "chest/images": the last part that says more than what any dataset has. */
export function auditNameOf(folder: string): string {
  const says = folder
    .split("/")
    .filter((part) => !/^(images?|imgs?|data|jpe?gs?|pngs?)$/i.test(part));
  return (says.at(-1) ?? folder).replace(/\.zip$/i, "");
}

function readDraft(): Draft {
  try {
    const parsed = draftSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? ""));
    return parsed.success ? parsed.data : emptyDraft;
  } catch {
    return emptyDraft;
  }
}
