import { oc, eventIterator } from "@orpc/contract";
import { z } from "zod";
import type { RecordEntry } from "../domain/command.ts";
import type { FitFacts } from "../domain/fit.ts";
import type { TapDescription } from "../domain/model.ts";
import { reportFields } from "../domain/command.ts";
import { quadrants } from "../domain/review.ts";
import { revisionStates } from "../domain/revision.ts";
import { roles } from "../domain/role.ts";
import { sheetStates } from "../domain/sheet.ts";
import {
  auditIdSchema,
  certaintySchema,
  commandIdSchema,
  commandSchema,
  errorSchema,
  faultSchema,
  itemNoSchema,
  jobSchema,
  mapFlagSchema,
  methodSchema,
  modelIdSchema,
  placeIdSchema,
  preparationSchema,
  queueIdSchema,
  queueRuleSchema,
  readerIdSchema,
  reasonSchema,
  regionIdSchema,
  regionKindSchema,
  runIdSchema,
  shapeSchema,
  targetSchema,
  verdictSchema,
} from "./schemas.ts";
import { mergedSchema } from "./merge.ts";
import { regionTestSchema } from "./tests.ts";
import { readerSchema } from "./library.ts";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

export const runSchema = z.strictObject({
  id: runIdSchema,
  /** Counts from 1 in the audit: "Run 1". */
  no: z.int(),
  modelId: modelIdSchema,
  method: methodSchema,
  tap: z.custom<TapDescription>((value) => typeof value === "object" && value !== null),
  target: targetSchema,
  secondMethod: methodSchema.nullable(),
  seed: z.int(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  done: z.int(),
  failed: z.int(),
  planned: z.int(),
  device: z.string(),
  /** Closed form, compiled gradient or none: how the weights were found. */
  gradient: z.enum(["closed-form", "compiled", "none"]),
  /** Largest raw value shown by "run p99" scaling, and the weak-map limit (5th percentile of raw maxima). */
  rawP99: z.number().nullable(),
  rawMin: z.number().nullable(),
  weakBelow: z.number().nullable(),
  /** Verdict of the reliability sheet of its model, preparation, layer and method. */
  sheet: z.enum(sheetStates),
  /** Further models that it read; absent where there are none. */
  others: z
    .array(z.strictObject({ fileName: z.string(), sha256: z.string(), output: z.int().nullable() }))
    .optional(),
  /** What its method learnt from the labelled items before its maps; absent where it learns nothing, and until it has. */
  fit: z.custom<FitFacts & { readonly sha256: string }>(isObject).optional(),
});
export type Run = z.infer<typeof runSchema>;

export const modelSchema = z.strictObject({
  id: modelIdSchema,
  fileName: z.string(),
  sha256: z.string(),
  classNames: z.array(z.string()),
  preparation: preparationSchema,
  isProven: z.boolean(),
  accuracy: z.strictObject({ right: z.int(), n: z.int() }).nullable(),
});
export type Model = z.infer<typeof modelSchema>;

export const queueSchema = z.strictObject({
  id: queueIdSchema,
  name: z.string(),
  rule: queueRuleSchema,
  items: z.array(itemNoSchema),
  read: z.int(),
  /** Number of the plan it belongs to; absent for others. */
  plan: z.int().optional(),
  /** A later plan took its place: it is kept, and nobody need read it. */
  isReplaced: z.boolean().optional(),
});
export type Queue = z.infer<typeof queueSchema>;

/** A column the window may fetch from `GET /audits/:a/runs/:r/columns/:id` (`r` is "-" for item columns). */
export const columnSchema = z.strictObject({
  id: z.string(),
  run: runIdSchema.nullable(),
  kind: z.enum(["float32", "codes8", "codes16", "bitset"]),
  /** Words of the codes, in order; code 255 (65535) is "none". */
  dictionary: z.array(z.string()),
  revision: z.int(),
  facet: z.enum(["choice", "range", "hidden"]),
});
export type Column = z.infer<typeof columnSchema>;

/** Somebody who takes part in an audit: what they may do in it, and the key that signs for them. */
export const participantSchema = readerSchema.extend({
  role: z.enum(roles),
  /** First 16 hex digits of the SHA-256 of the public key; null without a key. */
  fingerprint: z.string().nullable(),
});
export type Participant = z.infer<typeof participantSchema>;

/** Which revision people work on, and how far its signing is: "signed 1 of 2". */
export const revisionSummarySchema = z.strictObject({
  no: z.int(),
  state: z.enum(revisionStates),
  signed: z.int(),
  signers: z.int(),
});
export type RevisionSummary = z.infer<typeof revisionSummarySchema>;

export const auditSchema = z.strictObject({
  id: auditIdSchema,
  name: z.string(),
  createdAt: z.string(),
  /** Opened so, or locked by a revision that is signed or waits for it. */
  isReadOnly: z.boolean(),
  revision: revisionSummarySchema,
  items: z.int(),
  unreadable: z.int(),
  /** Judged items whose file is not the one that was judged any more (RX-128). */
  earlierFiles: z.int().optional(),
  classes: z.array(z.string()),
  hasEvidence: z.boolean(),
  medical: z.boolean(),
  models: z.array(modelSchema),
  runs: z.array(runSchema),
  queues: z.array(queueSchema),
  columns: z.array(columnSchema),
  readers: z.array(participantSchema),
  recordNo: z.int(),
  savedAt: z.string(),
  texts: z.record(z.enum(reportFields), z.string()),
  notes: z.array(z.string()),
});
export type Audit = z.infer<typeof auditSchema>;

export const auditEventSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("saved"), recordNo: z.int(), at: z.string() }),
  z.strictObject({ kind: z.literal("columns"), changed: z.array(columnSchema) }),
  z.strictObject({ kind: z.literal("job"), job: jobSchema }),
  z.strictObject({ kind: z.literal("run"), run: runSchema }),
  z.strictObject({ kind: z.literal("queues"), queues: z.array(queueSchema) }),
  z.strictObject({
    kind: z.literal("revision"),
    revision: revisionSummarySchema,
    isReadOnly: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("items"), items: z.array(itemNoSchema) }),
  z.strictObject({ kind: z.literal("readers"), readers: z.array(participantSchema) }),
]);
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** A row for a visible cell. */
export const itemRowSchema = z.strictObject({
  no: itemNoSchema,
  /** Base name of the file. */
  name: z.string(),
  /** Path below the dataset's folder. */
  path: z.string(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  label: z.string().nullable(),
  predicted: z.string().nullable(),
  confidence: z.number().nullable(),
  correct: z.boolean().nullable(),
  suspicion: z.number().nullable(),
  /** Without a label: confidence × heat on border, corner or text beyond chance, the attention order. */
  attention: z.number().nullable(),
  isWeak: z.boolean(),
  rawMax: z.number().nullable(),
  quadrant: z.enum(quadrants),
  verdict: verdictSchema.nullable(),
  reasons: z.array(reasonSchema),
  hasComment: z.boolean(),
  hasRegions: z.boolean(),
  fault: faultSchema.nullable(),
  discuss: z.boolean(),
  isMissing: z.boolean(),
  error: errorSchema.nullable(),
  /** Mean grey 0..255 shown while the thumbnail loads. */
  averageGrey: z.int().nullable(),
});
export type ItemRow = z.infer<typeof itemRowSchema>;

export const regionSchema = z.strictObject({
  id: regionIdSchema,
  item: itemNoSchema,
  kind: regionKindSchema,
  shape: shapeSchema,
  readerId: readerIdSchema.nullable(),
  /** Came with the dataset: shown thinner, editing makes a copy. */
  isImported: z.boolean(),
  areaShare: z.number(),
  note: z.string(),
});
export type RegionRow = z.infer<typeof regionSchema>;

/** Everything Review shows of one item in one run. */
export const itemDetailSchema = z.strictObject({
  row: itemRowSchema,
  facts: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  /** Metric and score id → value, or n/a cause. */
  metrics: z.record(z.string(), z.union([z.number(), z.string()])),
  why: z.string().nullable(),
  evidenceLevel: z.enum(["E0", "E1"]).nullable(),
  /** RX-25: where heat is strongest, in words. */
  summary: z.string().nullable(),
  /** What must be said of its map, or why there is none. */
  flags: z.array(mapFlagSchema),
  /** Whether its verdicts were given on an earlier file than the one that lies there now (RX-128). */
  isForEarlierFile: z.boolean(),
  map: z
    .strictObject({
      width: z.int(),
      height: z.int(),
      rawMin: z.number(),
      rawMax: z.number(),
      target: z.string(),
      flags: z.array(mapFlagSchema),
      /** Where the map lies on the picture, in image fractions; outside it the model saw nothing. */
      seen: z.strictObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      /** Nine sums of positive heat, row by row, as shares. */
      sectors: z.array(z.number()).length(9),
    })
    .nullable(),
  hasEvidence: z.boolean(),
  regions: z.array(regionSchema),
  /** Region tests that stand, newest first. */
  tests: z.array(regionTestSchema),
  certainty: certaintySchema.nullable(),
  comment: z.string(),
  history: z.array(
    z.strictObject({
      recordNo: z.int(),
      at: z.string(),
      reader: z.string(),
      action: z.string(),
      verdict: verdictSchema.nullable(),
      words: z.string(),
      /** What became of it since: a newer verdict of the same reader, or undo. null: it stands, or is no such thing. */
      standing: z.enum(["superseded", "undone"]).nullable(),
    }),
  ),
});
export type ItemDetail = z.infer<typeof itemDetailSchema>;

const inAudit = z.strictObject({ auditId: auditIdSchema });

/** A run in numbers: what the command line prints first and the report says on page 1. */
export const summarySchema = z.strictObject({
  items: z.int(),
  /** Items with a label and a prediction, and how many of them are right. */
  answered: z.strictObject({ right: z.int(), n: z.int() }),
  quadrants: z.record(z.enum(quadrants), z.int()),
  failed: z.int(),
  weak: z.int(),
  /** What the suspects are ranked by: without any label nothing is right or wrong, and it is the attention order. */
  order: z.enum(["suspicion", "attention"]),
  suspects: z.array(
    z.strictObject({
      item: itemNoSchema,
      path: z.string(),
      label: z.string(),
      score: z.number(),
      why: z.string(),
    }),
  ),
});
export type Summary = z.infer<typeof summarySchema>;

/** One audit: what it holds, what changes, and the commands that change it. */
export const audits = {
  get: oc.input(inAudit).output(auditSchema),
  watch: oc.input(inAudit).output(eventIterator(auditEventSchema)),
  apply: oc
    .input(z.strictObject({ auditId: auditIdSchema, command: commandSchema }))
    .output(z.strictObject({ recordNo: z.int(), at: z.string() })),
  rows: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        run: runIdSchema.nullable(),
        items: z.array(itemNoSchema).max(500),
      }),
    )
    .output(z.array(itemRowSchema)),
  detail: oc
    .input(
      z.strictObject({ auditId: auditIdSchema, run: runIdSchema.nullable(), item: itemNoSchema }),
    )
    .output(itemDetailSchema),
  summary: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        run: runIdSchema,
        top: z.int().min(0).max(1000),
      }),
    )
    .output(summarySchema),
  /** What another copy of the audit would bring in (RX-129); nothing is written. The lead's, as is `merge`. */
  previewMerge: oc
    .input(z.strictObject({ auditId: auditIdSchema, place: placeIdSchema }))
    .output(mergedSchema),
  /** Brings it in, as it was when somebody looked: `tip` is the preview's. */
  merge: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        place: placeIdSchema,
        tip: z.string(),
        commandId: commandIdSchema,
      }),
    )
    .output(mergedSchema),
  /** Items whose file name, comment or facets contain the words, as item numbers. */
  find: oc
    .input(z.strictObject({ auditId: auditIdSchema, words: z.string().max(500) }))
    .output(z.array(itemNoSchema)),
  /** What one undo (redo) would reverse, newest first; null when there is nothing. */
  lastAction: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        readerId: readerIdSchema,
        direction: z.enum(["undo", "redo"]),
      }),
    )
    .output(
      z
        .strictObject({
          recordNo: z.int(),
          action: z.string(),
          item: itemNoSchema.nullable(),
          words: z.string(),
        })
        .nullable(),
    ),
  record: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        from: z.int().min(1),
        limit: z.int().min(1).max(1000),
      }),
    )
    .output(z.array(z.custom<RecordEntry>((value) => typeof value === "object" && value !== null))),
};
