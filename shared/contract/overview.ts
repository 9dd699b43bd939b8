import { oc } from "@orpc/contract";
import { z } from "zod";
import { auditIdSchema, runIdSchema } from "./schemas.ts";

const placesSchema = z.strictObject({
  "right-on": z.int(),
  "right-off": z.int(),
  "wrong-on": z.int(),
  "wrong-off": z.int(),
});

export const overviewSchema = z.strictObject({
  /** Items that were read in the random sample, by quadrant. */
  judged: placesSchema,
  /** Items that were not, by the quadrant that the metrics predict. */
  predicted: placesSchema,
  /** Items without a place: neither judged nor predicted. */
  unplaced: z.int(),
  /** Items with a label and an answer, and how many of them are right. */
  answered: z.strictObject({ right: z.int(), n: z.int() }),
  classes: z.array(
    z.strictObject({
      name: z.string(),
      items: z.int(),
      answered: z.strictObject({ right: z.int(), n: z.int() }),
      /** Mean of inside energy over the n that have it. */
      inside: z.strictObject({ mean: z.number(), n: z.int() }).nullable(),
      /** Items by suspicion, in 24 bins from 0 to 1. */
      suspicion: z.array(z.int()),
    }),
  ),
});
export type Overview = z.infer<typeof overviewSchema>;

/** The home of an audit: what its dataset looks like in one run. Rates are `plans.rates`. */
export const overview = {
  get: oc
    .input(z.strictObject({ auditId: auditIdSchema, run: runIdSchema.nullable() }))
    .output(overviewSchema),
};
