import { oc, eventIterator } from "@orpc/contract";
import { z } from "zod";
import { verifyStepSchema } from "./verify.ts";
import { auditIdSchema, itemNoSchema, jobIdSchema, runIdSchema } from "./schemas.ts";

const inAudit = z.strictObject({ auditId: auditIdSchema });

export const reportOutlineSchema = z.strictObject({
  sections: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      page: z.int().nullable(),
      isComplete: z.boolean(),
    }),
  ),
  blockers: z.array(z.strictObject({ code: z.string(), words: z.string() })),
  warnings: z.array(z.strictObject({ code: z.string(), words: z.string() })),
  /** Numbers that lead back to their items: a word of a column that the Grid can show alone, or a finding's id. */
  numbers: z.array(
    z.strictObject({
      words: z.string(),
      value: z.string(),
      column: z.string(),
      word: z.string(),
    }),
  ),
  pages: z.int(),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  builtAt: z.string().nullable(),
});
export type ReportOutline = z.infer<typeof reportOutlineSchema>;

/** Building the report; its files are served by `GET /audits/:a/exports/:name`, pages by `GET /audits/:a/report/pages/:n`. */
export const reports = {
  outline: oc.input(inAudit).output(reportOutlineSchema),
  build: oc
    .input(
      z.strictObject({
        auditId: auditIdSchema,
        run: runIdSchema.nullable(),
        /** Items shown as plates; null: spurious verdicts, else the highest suspects. */
        plates: z.array(itemNoSchema).nullable(),
        keepNames: z.boolean(),
      }),
    )
    .output(z.strictObject({ jobId: jobIdSchema })),
  /** Re-hashes the record's chain and every exported file. */
  verify: oc.input(inAudit).output(eventIterator(verifyStepSchema)),
};
