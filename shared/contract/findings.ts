import { oc } from "@orpc/contract";
import { z } from "zod";
import { findingStates, severities, type Finding } from "../domain/finding.ts";
import type { FindingNumbers } from "../domain/finding-numbers.ts";
import type { RegionTest } from "../domain/region-test.ts";
import {
  auditIdSchema,
  findingIdSchema,
  itemNoSchema,
  reasonSchema,
  runIdSchema,
} from "./schemas.ts";

const inAudit = z.strictObject({ auditId: auditIdSchema });
const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** A finding as the list shows it. */
export const findingRowSchema = z.strictObject({
  id: findingIdSchema,
  title: z.string(),
  severity: z.enum(severities),
  state: z.enum(findingStates),
  shortcut: reasonSchema.nullable(),
  classes: z.array(z.string()),
  items: z.int(),
  tests: z.int(),
  /** Items that somebody called Spurious and nobody does any more. */
  noLongerSpurious: z.int(),
});
export type FindingRow = z.infer<typeof findingRowSchema>;

/** A finding with its numbers. */
export interface FindingDetail {
  readonly finding: Finding;
  readonly numbers: FindingNumbers;
  /** Of the attached region tests, those that stand. */
  readonly tests: readonly RegionTest[];
}

/** Findings; they change by commands (`audits.apply`). */
export const findings = {
  /** Heaviest first, then oldest first. */
  list: oc.input(inAudit).output(z.array(findingRowSchema)),
  /** `run`: whose answers count; null: the newest run that has any. */
  get: oc
    .input(inAudit.extend({ finding: findingIdSchema, run: runIdSchema.nullable() }))
    .output(z.custom<FindingDetail>(isObject)),
  /** Findings that hold the item. */
  of: oc.input(inAudit.extend({ item: itemNoSchema })).output(z.array(findingIdSchema)),
};
