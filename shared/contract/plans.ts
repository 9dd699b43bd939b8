import { oc } from "@orpc/contract";
import { z } from "zod";
import {
  allocations,
  blindModes,
  queueRoles,
  readingOrders,
  stratumKinds,
  type Plan,
  type PlanChoices,
} from "../domain/plan.ts";
import type { Rates } from "../domain/rates.ts";
import type { ReaderId } from "../domain/ids.ts";
import {
  auditIdSchema,
  commandIdSchema,
  itemNoSchema,
  queueIdSchema,
  readerIdSchema,
  runIdSchema,
} from "./schemas.ts";

const share = z.number().min(0).max(1);

export const planChoicesSchema: z.ZodType<PlanChoices> = z.strictObject({
  wish: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("size"), size: z.int().min(1).max(1_000_000) }),
    z.strictObject({ kind: z.literal("margin"), margin: z.number().min(0.001).max(0.5) }),
  ]),
  seed: z.int().min(0).max(0xffff_ffff),
  strata: z.array(z.enum(stratumKinds)).max(stratumKinds.length),
  allocation: z.enum(allocations),
  run: runIdSchema.nullable(),
  suspects: z
    .strictObject({
      top: z.int().min(1).max(1_000_000).nullable(),
      above: share.nullable(),
      perClass: z.int().min(1).max(1_000_000).nullable(),
    })
    .nullable(),
  filter: z
    .strictObject({
      name: z.string().min(1).max(200),
      items: z.array(itemNoSchema).min(1).max(1_000_000),
    })
    .nullable(),
  blind: z.enum(blindModes),
  order: z.enum(readingOrders),
  first: z.array(readerIdSchema).max(100),
  second: z.array(readerIdSchema).max(100),
  secondSize: z.int().min(0).max(1_000_000).nullable(),
  allSpurious: z.boolean(),
  acceptance: z.strictObject({ good: share, bad: share }).nullable(),
});

/** What a plan would be, before it is frozen. */
export const planPreviewSchema = z.strictObject({
  /** The number it would have. */
  no: z.int(),
  population: z.int(),
  size: z.int(),
  /** The three margins of the table, with the sizes they need here. */
  margins: z.array(z.strictObject({ margin: z.number(), size: z.int() })),
  /** Intervals to expect if the rate were so; `k` of `size` where that is what is printed. */
  expected: z.array(z.strictObject({ rate: z.number(), low: z.number(), high: z.number() })),
  strata: z.array(
    z.strictObject({ cells: z.array(z.array(z.string())), size: z.int(), drawn: z.int() }),
  ),
  /** Patients or other units; less than the population where some have several images. */
  units: z.int(),
  second: z.int(),
  suspects: z.int(),
  filter: z.int(),
  readings: z.int(),
  seconds: z.int(),
  acceptance: z
    .strictObject({
      n: z.int(),
      c: z.int(),
      model: z.enum(["binomial", "hypergeometric"]),
      acceptAtGood: z.number(),
      acceptAtBad: z.number(),
      curve: z.array(z.strictObject({ rate: z.number(), accept: z.number() })),
    })
    .nullable(),
  hasSites: z.boolean(),
});
export type PlanPreview = z.infer<typeof planPreviewSchema>;

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** A frozen plan with the entry that froze it. */
export type PlanRow = Plan & {
  readonly recordNo: number;
  readonly at: string;
  readonly readerId: ReaderId | null;
};
const planRowSchema = z.custom<PlanRow>((value) => isObject(value));

const progressCount = { of: z.int(), read: z.int() };
export const queueProgressSchema = z.strictObject({
  queue: queueIdSchema,
  name: z.string(),
  role: z.enum(queueRoles),
  ...progressCount,
  /** At the pace so far, else at six seconds each. */
  secondsLeft: z.int(),
  /** `reader` null: whoever comes. */
  readers: z.array(z.strictObject({ reader: readerIdSchema.nullable(), ...progressCount })),
  classes: z.array(z.strictObject({ name: z.string(), ...progressCount })),
});
export type QueueProgress = z.infer<typeof queueProgressSchema>;

const inAudit = z.strictObject({ auditId: auditIdSchema });
const draft = inAudit.extend({ choices: planChoicesSchema });

/** Plans of reading, how far they are, and the rates that come of them. */
export const plans = {
  preview: oc.input(draft).output(planPreviewSchema),
  /** Draws the lists and freezes the plan; again with the same command id it changes nothing. */
  freeze: oc
    .input(
      draft.extend({
        commandId: commandIdSchema,
        readerId: readerIdSchema,
        /** The number that the person saw. */
        no: z.int().min(1),
        reason: z.string().max(2_000),
      }),
    )
    .output(z.strictObject({ no: z.int(), recordNo: z.int(), at: z.string() })),
  /** Oldest first; the last one is in force. */
  list: oc.input(inAudit).output(z.array(planRowSchema)),
  /** Of the queues of the plan in force; before there is one, of the audit's own. */
  progress: oc.input(inAudit).output(z.array(queueProgressSchema)),
  /** What this reader is to read in a queue of a plan, in its order, and what of it is read. */
  worklist: oc
    .input(inAudit.extend({ queue: queueIdSchema, readerId: readerIdSchema }))
    .output(z.strictObject({ items: z.array(itemNoSchema), read: z.array(itemNoSchema) })),
  rates: oc.input(inAudit).output(z.custom<Rates>((value) => isObject(value))),
};
