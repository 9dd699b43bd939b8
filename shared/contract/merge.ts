import { z } from "zod";
import { itemNoSchema, queueIdSchema } from "./schemas.ts";

/** What merging another copy brings in, before or after it is done (RX-129). No verdict is in it: it may be shown to all. */
export const mergedSchema = z.strictObject({
  /** Last hash of the other copy's record: what was looked at is what is merged. */
  tip: z.string(),
  /** Last entry that both copies have. */
  common: z.int(),
  /** Entries that come in; 0: there is nothing to merge. */
  entered: z.int(),
  /** Of these, kept in the record without effect. */
  kept: z.int(),
  /** Entries that were here already. */
  known: z.int(),
  /** Entries that come in, by action, most first. */
  actions: z.array(z.strictObject({ action: z.string(), n: z.int() })),
  readers: z.array(z.string()),
  runs: z.int(),
  /** Models that are not here, or have another preparation here. */
  models: z.array(z.string()),
  matched: z.int(),
  unmatched: z.int(),
  /** Paths below the image folder; the first hundred. */
  unmatchedPaths: z.array(z.string()),
  /** Plans of the other copy that take no force here. */
  plans: z.int(),
  conflicts: z.int(),
  /** The first hundred: whose word, and on what. */
  conflictList: z.array(
    z.strictObject({
      kind: z.string(),
      item: itemNoSchema.nullable(),
      path: z.string().nullable(),
      reader: z.string().nullable(),
    }),
  ),
  /** The queue of items with conflicts, once merged. */
  queue: queueIdSchema.nullable(),
  /** The revision that opens, where a side was signed or waits for it. */
  revision: z.int().nullable(),
});
export type MergedWords = z.infer<typeof mergedSchema>;
