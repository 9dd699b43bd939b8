import { oc, eventIterator } from "@orpc/contract";
import { z } from "zod";
import { fusionIds } from "../domain/fusion.ts";
import type { ModelDescription } from "../domain/model.ts";
import { presetIds, resampleIds } from "../domain/preparation.ts";
import {
  auditIdSchema,
  errorSchema,
  methodSchema,
  placeIdSchema,
  preparationSchema,
  targetSchema,
} from "./schemas.ts";

/** What was found in a folder of images, before anything is created. */
export const datasetPreviewSchema = z.strictObject({
  state: z.enum(["reading", "done"]),
  images: z.int(),
  /** Whether DICOM images are among them: windows and attributes can be chosen. */
  isClinical: z.boolean(),
  /** Extension → count, images and others. */
  formats: z.record(z.string(), z.int()),
  classes: z.array(z.strictObject({ name: z.string(), items: z.int() })),
  matchedLabels: z.int(),
  unmatchedRows: z.int(),
  unmatchedFiles: z.int(),
  withEvidence: z.int(),
  /** How labels, classes and evidence were found, in words. */
  notes: z.array(z.string()),
  columns: z.array(z.string()),
  /** Up to 24 tokens for `GET /intake/previews/:token`. */
  thumbnails: z.array(z.string()),
});
export type DatasetPreview = z.infer<typeof datasetPreviewSchema>;

export const modelProofRowSchema = z.strictObject({
  preset: z.enum(presetIds),
  right: z.int(),
  n: z.int(),
  isChosen: z.boolean(),
});

export const modelPreviewSchema = z.strictObject({
  description: z.custom<ModelDescription>((value) => typeof value === "object" && value !== null),
  preparation: preparationSchema,
  classNames: z.array(z.string()),
  /** Why these class names, in words. */
  classSource: z.string(),
  /** Accuracy of each preset on seeded labelled images; empty without labels. */
  proof: z.array(modelProofRowSchema),
  warning: errorSchema.nullable(),
  /** Up to 8: original, prepared input and prediction; pictures at `GET /intake/previews/:token`. */
  samples: z.array(
    z.strictObject({
      original: z.string(),
      prepared: z.string(),
      predicted: z.string(),
      label: z.string().nullable(),
      confidence: z.number(),
    }),
  ),
});
export type ModelPreview = z.infer<typeof modelPreviewSchema>;

export const sourcesSchema = z.strictObject({
  images: placeIdSchema,
  labels: placeIdSchema.nullable(),
  /** A DICOM attribute, by keyword or tag, whose value is the label. */
  labelAttribute: z.string().max(64).nullable().optional(),
  classes: placeIdSchema.nullable(),
  evidence: placeIdSchema.nullable(),
  model: placeIdSchema.nullable(),
});

export const fusionSchema = z.strictObject({
  taps: z.array(z.string()).min(1),
  how: z.enum(fusionIds),
});

export const otherModelSchema = z.strictObject({
  model: placeIdSchema,
  /** The output that stands for the class explained; null: the second of two, or the only one. */
  output: z.int().min(0).nullable(),
});

export const overridesSchema = z.strictObject({
  preset: z.enum(presetIds).nullable(),
  geometry: z.string().nullable(),
  resample: z.enum(resampleIds).nullable(),
  preparationFile: placeIdSchema.nullable(),
  /** As `parseWindow` reads it; absent or null: as the files state. */
  window: z.string().max(40).nullable().optional(),
  method: methodSchema.nullable(),
  tap: z.string().nullable(),
  target: targetSchema.nullable(),
  seed: z.int().min(0).nullable(),
  fusion: fusionSchema.optional(),
  others: z.array(otherModelSchema).max(64).optional(),
});
export type Overrides = z.infer<typeof overridesSchema>;

/** Names that are a folder's on every system, and nothing more: no path, no device, nothing hidden. */
export const auditNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine((name) => !/[/\\:*?"<>|\p{Cc}]/u.test(name) && !/^[.-]|[. ]$/.test(name))
  .refine((name) => !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name));

/** From files to an audit: preview, then create. */
export const intake = {
  previewDataset: oc
    .input(sourcesSchema.omit({ model: true }))
    .output(eventIterator(datasetPreviewSchema)),
  previewModel: oc
    .input(z.strictObject({ sources: sourcesSchema, overrides: overridesSchema }))
    .output(modelPreviewSchema),
  create: oc
    .input(
      z.strictObject({
        name: auditNameSchema,
        /** The folder to make `name.hansight` in; null: the default place. */
        into: placeIdSchema.nullable(),
        sources: sourcesSchema,
        overrides: overridesSchema,
        purpose: z.string().max(20_000),
      }),
    )
    .output(z.strictObject({ auditId: auditIdSchema })),
};
