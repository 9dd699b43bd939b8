import { oc } from "@orpc/contract";
import { z } from "zod";
import { auditIdSchema, commandIdSchema, itemNoSchema, readerIdSchema } from "./schemas.ts";

const inAudit = z.strictObject({ auditId: auditIdSchema });

/** Which entries are shown; null: all. `person` "audit" stands for what Hansight did by itself. */
export const recordFilterSchema = z.strictObject({
  person: z.union([z.literal("audit"), readerIdSchema]).nullable(),
  action: z.string().max(100).nullable(),
  item: itemNoSchema.nullable(),
  /** ISO 8601 in UTC; `to` is not included. */
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
});
export type RecordFilter = z.infer<typeof recordFilterSchema>;

/** One line of the table, in words. */
export const recordRowSchema = z.strictObject({
  no: z.int(),
  at: z.string(),
  who: z.string(),
  what: z.string(),
  object: z.string(),
  before: z.string(),
  after: z.string(),
  /** Where its object is to be seen; null where it is nowhere by itself. */
  opens: z
    .strictObject({
      screen: z.enum(["review", "report", "runs"]),
      query: z.record(z.string(), z.string()),
    })
    .nullable(),
});
export type RecordRow = z.infer<typeof recordRowSchema>;

/** The append-only history of everything that changed. Nobody can edit it. */
export const record = {
  /** What there is to filter by. */
  facets: oc.input(inAudit).output(
    z.strictObject({
      actions: z.array(z.strictObject({ id: z.string(), words: z.string() })),
      people: z.array(z.strictObject({ id: readerIdSchema, name: z.string() })),
    }),
  ),
  /** Newest first. */
  page: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        filter: recordFilterSchema,
        offset: z.int().min(0),
        limit: z.int().min(1).max(500),
      }),
    )
    .output(z.strictObject({ total: z.int(), rows: z.array(recordRowSchema) })),
  /** One entry whole: its content as JSON and its place in the chain. */
  entry: oc.input(z.strictObject({ auditId: auditIdSchema, no: z.int().min(1) })).output(
    z
      .strictObject({
        row: recordRowSchema,
        before: z.string(),
        after: z.string(),
        commandId: z.string().nullable(),
        prevHash: z.string(),
        hash: z.string(),
      })
      .nullable(),
  ),
  /** Notes that the record was exported, before `bytesPaths.recordCsv` gives it. */
  noteExport: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        commandId: commandIdSchema,
        readerId: readerIdSchema,
      }),
    )
    .output(z.strictObject({})),
};
