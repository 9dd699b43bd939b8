import { oc, eventIterator } from "@orpc/contract";
import { z } from "zod";
import { refinements } from "../domain/pseudo-labels.ts";
import { headMixes } from "../domain/fit.ts";
import type { ModelDescription } from "../domain/model.ts";
import {
  auditIdSchema,
  errorSchema,
  itemNoSchema,
  jobIdSchema,
  jobSchema,
  methodSchema,
  modelIdSchema,
  placeIdSchema,
  runIdSchema,
  targetSchema,
} from "./schemas.ts";
import { runSchema } from "./audits.ts";
import { fusionSchema, otherModelSchema } from "./intake.ts";

const inAudit = z.strictObject({ auditId: auditIdSchema });
const ofJob = z.strictObject({ auditId: auditIdSchema, jobId: jobIdSchema });

export const fitChoiceSchema = z.strictObject({
  /** Class names; null: every class with enough labelled items. */
  classes: z.array(z.string()).nullable(),
  mix: z.enum(headMixes).nullable(),
});
export type FitChoice = z.infer<typeof fitChoiceSchema>;

export const runPlanSchema = z.strictObject({
  auditId: auditIdSchema,
  modelId: modelIdSchema,
  /** null: the default of the model's head. */
  method: methodSchema.nullable(),
  /** null: the default tap. */
  tap: z.string().nullable(),
  target: targetSchema,
  secondMethod: methodSchema.nullable(),
  seed: z.int().min(0),
  /** null: every item; else these (a first sample). */
  items: z.array(itemNoSchema).nullable(),
  /** Layers whose maps become one, instead of `tap`. */
  fusion: fusionSchema.optional(),
  /** Further models, for a method that compares them. */
  others: z.array(otherModelSchema).max(64).optional(),
  /** For a method that learns first: the classes it learns from, and how its weights join the model's. */
  fit: fitChoiceSchema.optional(),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

export const labelChoiceSchema = z.strictObject({
  classes: z.enum(["labels", "predictions"]),
  /** Names of classes that are no object. */
  backgroundClasses: z.array(z.string()),
  background: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("threshold"), value: z.number().min(0) }),
    z.strictObject({ kind: z.literal("power"), value: z.number().positive() }),
  ]),
  ignoreBetween: z
    .tuple([z.number().min(0), z.number().min(0)])
    .refine(([low, high]) => low <= high)
    .nullable(),
  refine: z.enum(refinements),
  walkBackground: z.number().min(0).max(1),
  crfSide: z.int().min(16).max(128),
});
export type LabelChoice = z.infer<typeof labelChoiceSchema>;

/** Runs and every other job: creating, watching, steering. */
export const runs = {
  describeModel: oc
    .input(z.strictObject({ auditId: auditIdSchema, modelId: modelIdSchema }))
    .output(z.custom<ModelDescription>((value) => typeof value === "object" && value !== null)),
  /** `existing`: a finished run with the same inputs, offered instead of making it again (RX-72). */
  create: oc
    .input(
      runPlanSchema.extend({
        again: z.boolean(),
        /** Whether the reliability sheet is made after the run, where there is none. */
        sheet: z.boolean().default(true),
      }),
    )
    .output(z.strictObject({ jobId: jobIdSchema.nullable(), existing: runSchema.nullable() })),
  /** Pseudo labels of a run for segmentation: a palette PNG for each image, COCO, and `labels.json`. */
  labels: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        run: runIdSchema,
        out: placeIdSchema,
        existing: z.enum(["refuse", "replace"]),
        choice: labelChoiceSchema,
      }),
    )
    .output(z.strictObject({ jobId: jobIdSchema })),
  jobs: oc.input(inAudit).output(z.array(jobSchema)),
  watch: oc.input(inAudit).output(eventIterator(z.array(jobSchema))),
  pause: oc.input(ofJob).output(jobSchema),
  resume: oc.input(ofJob).output(jobSchema),
  cancel: oc.input(ofJob).output(jobSchema),
  failures: oc.input(z.strictObject({ auditId: auditIdSchema, run: runIdSchema })).output(
    z.array(
      z.strictObject({
        item: itemNoSchema,
        name: z.string(),
        error: errorSchema,
      }),
    ),
  ),
};
