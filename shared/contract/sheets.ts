import { oc } from "@orpc/contract";
import { z } from "zod";
import { sheetOrders, type ReliabilitySheet } from "../domain/sheet.ts";
import { auditIdSchema, jobIdSchema, runIdSchema } from "./schemas.ts";

const sheetSchema = z.custom<ReliabilitySheet>(
  (value) => typeof value === "object" && value !== null && "verdict" in value,
);
const ofRun = z.strictObject({ auditId: auditIdSchema, run: runIdSchema });

/** Reliability sheets: whether a run's maps follow its model at all. */
export const sheets = {
  /** null where none was made yet. */
  get: oc.input(ofRun).output(sheetSchema.nullable()),
  /** `existing`: the sheet that holds already, unless it shall be made `again`. */
  make: oc
    .input(
      ofRun.extend({
        order: z.enum(sheetOrders).default("cascade"),
        /** Maps averaged over noisy inputs. */
        isSmooth: z.boolean().default(false),
        again: z.boolean().default(false),
      }),
    )
    .output(z.strictObject({ jobId: jobIdSchema.nullable(), existing: sheetSchema.nullable() })),
};
