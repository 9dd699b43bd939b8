import { oc, eventIterator } from "@orpc/contract";
import { z } from "zod";
import { benchMapIds, type BenchEvent, type BenchItem } from "../domain/bench.ts";
import { evaluationGroups } from "../domain/evaluation.ts";
import { overridesSchema, sourcesSchema } from "./intake.ts";
import {
  auditIdSchema,
  itemNoSchema,
  jobIdSchema,
  methodSchema,
  modelIdSchema,
  placeIdSchema,
  targetSchema,
} from "./schemas.ts";

/** `all-cheap`: every method the model supports at the cost of a dozen plain forward passes or less. */
export const benchMethodsSchema = z.union([
  z.enum(["all-cheap", "all"]),
  z.array(methodSchema).min(1),
]);
export type BenchMethods = z.infer<typeof benchMethodsSchema>;

const asked = {
  methods: benchMethodsSchema,
  /** null: the usual ones. */
  groups: z.array(z.enum(evaluationGroups)).nullable(),
  /** Images drawn by the seed, stratified by label; null: all. */
  sample: z.int().min(1).max(100_000).nullable(),
  /** Known shortcut regions, in the forms that evidence takes. */
  shortcut: placeIdSchema.nullable(),
  /** Makes a reliability sheet for each method that has none here: a method that fails is no candidate. */
  sheets: z.enum(["make", "as-they-are"]),
};

const eventSchema = z.custom<BenchEvent>(
  (value) => typeof value === "object" && value !== null && "kind" in value,
);
const itemSchema = z.custom<BenchItem>((value) => typeof value === "object" && value !== null);

const ofBench = z.strictObject({ auditId: auditIdSchema, bench: z.string().max(64) });

/** Which method to believe on one's own images: maps side by side, measured, with intervals. */
export const bench = {
  /** Outside any audit, as `hansight compare` does: events until the result. */
  folder: oc
    .input(
      z.strictObject({
        sources: sourcesSchema.extend({ model: placeIdSchema }),
        overrides: overridesSchema,
        ...asked,
      }),
    )
    .output(eventIterator(eventSchema)),
  /** On an audit's images, as a job of kind `bench` that `runs.watch` shows and `runs.cancel` ends. */
  create: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        modelId: modelIdSchema,
        tap: z.string().nullable(),
        target: targetSchema,
        seed: z.int().min(0),
        /** null: every item, or the sample of them; else these. */
        items: z.array(itemNoSchema).nullable(),
        ...asked,
      }),
    )
    .output(z.strictObject({ bench: z.string(), jobId: jobIdSchema })),
  /** Its events from the first on, then as they come; ends with the job. */
  watch: oc.input(ofBench).output(eventIterator(eventSchema)),
  /** Benches of this audit that the host still holds, newest first. */
  list: oc
    .input(z.strictObject({ auditId: auditIdSchema }))
    .output(z.array(z.strictObject({ bench: z.string(), jobId: jobIdSchema }))),
  /**
   * Up to four columns of one image, made now: what linked panes show where no bench holds them. Bytes at
   * `bytesPaths.benchMap`; `rawP99` is each map's own, for `lockedRanges`.
   */
  maps: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        modelId: modelIdSchema,
        item: itemNoSchema,
        columns: z.array(z.enum(benchMapIds)).min(1).max(4),
        tap: z.string().nullable(),
        target: targetSchema,
        seed: z.int().min(0),
      }),
    )
    .output(
      z.strictObject({
        bench: z.string(),
        item: itemSchema,
        rawP99: z.array(z.number().nullable()),
      }),
    ),
};
