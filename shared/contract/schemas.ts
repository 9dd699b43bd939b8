import { z } from "zod";
import type {
  AuditId,
  CommandId,
  FindingId,
  ItemNo,
  JobId,
  MeetingId,
  ModelId,
  PlaceId,
  QueueId,
  ReaderId,
  RegionId,
  RunId,
} from "../domain/ids.ts";
import type { Command } from "../domain/command.ts";
import { reportFields } from "../domain/command.ts";
import {
  findingStates,
  mostPlateItems,
  recommendations,
  severities,
  type FindingFields,
} from "../domain/finding.ts";
import { jobKinds, jobStates } from "../domain/job.ts";
import { mapFlags } from "../domain/map-flag.ts";
import { methodIds } from "../domain/method-id.ts";
import { presetIds, resampleIds, type Preparation } from "../domain/preparation.ts";
import { windowPresetIds } from "../domain/picture-window.ts";
import {
  blindStages,
  faults,
  overlayModes,
  reasons,
  regionKinds,
  verdicts,
} from "../domain/review.ts";
import { roles } from "../domain/role.ts";
import type { ErrorJson } from "../errors/app-error.ts";

/** Schemas that several procedures share. Ids are branded here, once; everywhere else they are trusted. */
const id = <T extends string>() =>
  z
    .string()
    .min(1)
    .max(200)
    .transform((text) => text as T); // sound: this is the parse that gives the brand

export const auditIdSchema = id<AuditId>();
export const modelIdSchema = id<ModelId>();
export const runIdSchema = id<RunId>();
export const jobIdSchema = id<JobId>();
export const queueIdSchema = id<QueueId>();
export const readerIdSchema = id<ReaderId>();
export const regionIdSchema = id<RegionId>();
export const findingIdSchema = id<FindingId>();
export const meetingIdSchema = id<MeetingId>();
export const placeIdSchema = id<PlaceId>();
export const commandIdSchema = id<CommandId>();
export const itemNoSchema: z.ZodType<ItemNo> = z.int().min(0);

export const errorSchema = z.custom<ErrorJson>(
  (value) => typeof value === "object" && value !== null && "code" in value && "details" in value,
);

export const targetSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("predicted") }),
  z.strictObject({ kind: z.literal("label") }),
  z.strictObject({ kind: z.literal("class"), index: z.int().min(0) }),
  z.strictObject({ kind: z.literal("top-2") }),
]);

export const methodSchema = z.enum(methodIds);
export const mapFlagSchema = z.enum(mapFlags);

const geometrySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stretch") }),
  z.strictObject({ kind: z.literal("crop"), resize: z.int().min(1).max(8192) }),
  z.strictObject({ kind: z.literal("letterbox") }),
  z.strictObject({ kind: z.literal("none") }),
]);

export const pictureWindowSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["stored", "modality", "automatic"]) }),
  z.strictObject({ kind: z.literal("preset"), id: z.enum(windowPresetIds) }),
  z.strictObject({
    kind: z.literal("fixed"),
    centre: z.number(),
    width: z.number().positive(),
  }),
]);

export const preparationSchema: z.ZodType<Preparation> = z.strictObject({
  preset: z.enum([...presetIds, "custom"]),
  channels: z.enum(["rgb", "bgr", "grey"]),
  scale: z.number().positive(),
  mean: z.array(z.number()).min(1).max(3),
  std: z.array(z.number()).min(1).max(3),
  geometry: geometrySchema,
  resample: z.enum(resampleIds),
  widthPx: z.int().min(1).max(8192),
  heightPx: z.int().min(1).max(8192),
  layout: z.enum(["NCHW", "NHWC"]),
  window: pictureWindowSchema.optional(),
});

const fraction = z.number().min(-1).max(2);
const boxSchema = { x: fraction, y: fraction, w: fraction, h: fraction };
/** A rectangle with an area, within the picture. */
export const identityBoxSchema = z
  .strictObject({
    x: z.number().min(0).max(1),
    y: z.number().min(0).max(1),
    w: z.number().gt(0).max(1),
    h: z.number().gt(0).max(1),
  })
  .refine(({ x, y, w, h }) => x + w <= 1.000001 && y + h <= 1.000001);

export const shapeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("rect"), ...boxSchema }),
  z.strictObject({ kind: z.literal("ellipse"), ...boxSchema }),
  z.strictObject({
    kind: z.literal("polygon"),
    rings: z.array(z.array(fraction).min(6).max(20_000)).min(1).max(100),
  }),
]);

export const viewStateSchema = z.strictObject({
  run: runIdSchema.nullable(),
  target: z.int().nullable(),
  mode: z.enum(overlayModes),
  opacity: z.number(),
  threshold: z.number(),
  colours: z.string().max(40),
  scaling: z.string().max(80),
  zoom: z.number(),
  seconds: z.number().min(0),
  queue: queueIdSchema.nullable(),
  stage: z.enum(blindStages).optional(),
});

export const verdictSchema = z.enum(verdicts);
export const reasonSchema = z.enum(Object.values(reasons));
export const faultSchema = z.enum(faults);
export const certaintySchema = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export const regionKindSchema = z.enum(regionKinds);
const itemsSchema = z.array(itemNoSchema).min(1).max(1_000_000);

export const queueRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("suspects"), run: runIdSchema, size: z.int().min(1) }),
  z.strictObject({
    kind: z.literal("random"),
    seed: z.int().min(0),
    size: z.int().min(1),
    listSha256: z.string(),
  }),
  z.strictObject({
    kind: z.literal("second"),
    of: queueIdSchema,
    size: z.int().min(0),
    listSha256: z.string(),
  }),
  z.strictObject({ kind: z.literal("adjudication"), of: queueIdSchema }),
  z.strictObject({ kind: z.literal("filter"), words: z.string().max(500) }),
]);

const line = z.string().max(200);
const text = z.string().max(20_000);
/** What a person writes and chooses of a finding. */
export const findingFieldsSchema = z.strictObject({
  title: line,
  statement: text,
  shortcut: reasonSchema.nullable(),
  classes: z.array(line).max(1000),
  subgroup: line,
  plate: z.array(itemNoSchema).max(mostPlateItems),
  tests: z.array(z.string().min(1).max(200)).max(10_000),
  severity: z.enum(severities),
  harm: text,
  recommendations: z.array(z.enum(recommendations)).max(recommendations.length),
  advice: text,
  owner: readerIdSchema.nullable(),
}) satisfies z.ZodType<FindingFields>;
/** Fields left out stay as they are. */
const someFieldsSchema = z.custom<Partial<FindingFields>>(
  (value) => findingFieldsSchema.partial().safeParse(value).success,
);

const by = { id: commandIdSchema, readerId: readerIdSchema };
export const commandSchema: z.ZodType<Command> = z.discriminatedUnion("kind", [
  z.strictObject({
    ...by,
    kind: z.literal("verdict.set"),
    items: itemsSchema,
    run: runIdSchema.nullable(),
    verdict: verdictSchema,
    reasons: z.array(reasonSchema),
    view: viewStateSchema.nullable(),
  }),
  z.strictObject({ ...by, kind: z.literal("verdict.clear"), items: itemsSchema }),
  z.strictObject({
    ...by,
    kind: z.literal("reason.set"),
    item: itemNoSchema,
    reasons: z.array(reasonSchema),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("certainty.set"),
    item: itemNoSchema,
    certainty: certaintySchema.nullable(),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("comment.set"),
    item: itemNoSchema,
    text: z.string().max(20_000),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("fault.set"),
    item: itemNoSchema,
    fault: faultSchema.nullable(),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("discuss.set"),
    item: itemNoSchema,
    discuss: z.boolean(),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("region.add"),
    region: regionIdSchema,
    item: itemNoSchema,
    regionKind: regionKindSchema,
    shape: shapeSchema,
    note: z.string().max(2_000),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("region.change"),
    region: regionIdSchema,
    regionKind: regionKindSchema,
    shape: shapeSchema,
    note: z.string().max(2_000),
  }),
  z.strictObject({ ...by, kind: z.literal("region.remove"), region: regionIdSchema }),
  z.strictObject({
    ...by,
    kind: z.literal("queue.create"),
    queue: queueIdSchema,
    name: z.string().min(1).max(200),
    rule: queueRuleSchema,
    items: itemsSchema,
  }),
  z.strictObject({
    ...by,
    kind: z.literal("finding.create"),
    finding: findingIdSchema,
    fields: someFieldsSchema,
    items: z.array(itemNoSchema).max(1_000_000),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("finding.change"),
    finding: findingIdSchema,
    changes: someFieldsSchema,
  }),
  z.strictObject({
    ...by,
    kind: z.literal(["finding.addItems", "finding.removeItems"]),
    finding: findingIdSchema,
    items: itemsSchema,
  }),
  z.strictObject({
    ...by,
    kind: z.literal("finding.state"),
    finding: findingIdSchema,
    state: z.enum(findingStates),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("finding.comment"),
    finding: findingIdSchema,
    text: z.string().min(1).max(20_000),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("meeting.start"),
    meeting: meetingIdSchema,
    present: z.array(z.string().min(1).max(200)).min(1).max(200),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("meeting.verdict"),
    meeting: meetingIdSchema,
    item: itemNoSchema,
    run: runIdSchema.nullable(),
    verdict: verdictSchema,
    reasons: z.array(reasonSchema),
    dissent: z.int().min(0).max(200),
    note: z.string().max(20_000),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("meeting.clear"),
    meeting: meetingIdSchema,
    item: itemNoSchema,
  }),
  z.strictObject({
    ...by,
    kind: z.literal("identity.mask"),
    items: z.array(itemNoSchema).min(1),
    boxes: z.array(identityBoxSchema).min(1).max(200),
  }),
  z.strictObject({
    ...by,
    kind: z.enum(["identity.confirm", "identity.leaveOut"]),
    items: z.array(itemNoSchema).min(1),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("report.text"),
    field: z.enum(reportFields),
    text: z.string().max(50_000),
  }),
  z.strictObject({
    ...by,
    kind: z.literal("reader.role"),
    reader: readerIdSchema,
    role: z.enum(roles),
  }),
  z.strictObject({ ...by, kind: z.literal("undo"), recordNo: z.int().min(1) }),
  z.strictObject({ ...by, kind: z.literal("redo"), recordNo: z.int().min(1) }),
]);

export const jobSchema = z.strictObject({
  id: jobIdSchema,
  kind: z.enum(jobKinds),
  title: z.string(),
  run: runIdSchema.nullable(),
  state: z.enum(jobStates),
  tried: z.int(),
  planned: z.int(),
  failed: z.int(),
  etaSeconds: z.tuple([z.number(), z.number()]).readonly().nullable(),
  fitting: z.strictObject({ done: z.int(), of: z.int() }).readonly().nullable().optional(),
  engineRestarts: z.int(),
  cause: errorSchema.nullable(),
});
