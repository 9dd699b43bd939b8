import { oc } from "@orpc/contract";
import { z } from "zod";
import { exportFormats } from "../domain/export-format.ts";
import { auditIdSchema, itemNoSchema, jobIdSchema, placeIdSchema } from "./schemas.ts";

const choice = {
  auditId: auditIdSchema,
  /** null: every item of the audit. */
  items: z.array(itemNoSchema).nullable(),
  /** Keep file names; else they are replaced by item numbers (RX-56). */
  keepNames: z.boolean(),
};
const formatSchema = z.enum(exportFormats);

export const formatLossesSchema = z.strictObject({
  format: formatSchema,
  /** In words; none: the format holds everything. */
  losses: z.array(z.string()),
});
export type FormatLosses = z.infer<typeof formatLossesSchema>;

export const writtenExportSchema = z.strictObject({
  recordNo: z.int(),
  at: z.string(),
  items: z.int(),
  formats: z.array(
    z.strictObject({ format: formatSchema, files: z.int(), bytes: z.int(), sha256: z.string() }),
  ),
});
export type WrittenExport = z.infer<typeof writtenExportSchema>;

/** Writing an audit for other programs: losses are asked before, the writing is a job. */
export const exports = {
  formats: oc.input(z.strictObject(choice)).output(z.array(formatLossesSchema)),
  start: oc
    .input(
      z.strictObject({
        ...choice,
        formats: z.array(formatSchema).min(1),
        /** With DICOM objects: copies of their sources, without names by the Basic profile of PS3.15. */
        deidentifiedSources: z.boolean().optional(),
        /** Each format becomes a folder of its name in here. */
        out: placeIdSchema,
        existing: z.enum(["refuse", "replace"]),
        /** What the caller says, by name, of pictures that may show identity and that nobody answered for. */
        identity: z.enum(["mask", "confirm", "leave-out"]).optional(),
      }),
    )
    .output(z.strictObject({ jobId: jobIdSchema })),
  /** Exports that were written, newest first, as the record has them. */
  list: oc.input(z.strictObject({ auditId: auditIdSchema })).output(z.array(writtenExportSchema)),
};
