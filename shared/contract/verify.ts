import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { placeIdSchema } from "./schemas.ts";

/** What is known of a folder or a part of it. `unconfirmed`: nothing differs, but no key that signed is known here. */
export const verdicts = ["unchanged", "unconfirmed", "unsigned", "changed"] as const;
const verdictSchema = z.enum(verdicts);
export type VerifyVerdict = z.infer<typeof verdictSchema>;

/** One part of a folder: its record, the last draft, a revision. */
export const verifyPartSchema = z.strictObject({
  kind: z.enum(["record", "draft", "revision"]),
  /** Of a revision. */
  no: z.int().nullable(),
  verdict: verdictSchema,
  headline: z.string(),
  /** Each names what differs and how. */
  problems: z.array(z.string()),
  /** What is said of each signature. */
  signatures: z.array(
    z.strictObject({
      state: z.enum(["unchanged", "unconfirmed", "broken"]),
      /** Where its key is known from, in words. */
      key: z.string(),
      words: z.array(z.string()),
    }),
  ),
});
export type VerifyPart = z.infer<typeof verifyPartSchema>;

/** How far a check is; its words come with the last step. */
export const verifyStepSchema = z.strictObject({
  state: z.enum(["checking", "done"]),
  /** Entries and files. */
  checked: z.int(),
  planned: z.int(),
  verdict: verdictSchema,
  headline: z.string(),
  parts: z.array(verifyPartSchema),
  /** Those of all parts, each under its part's name where there are several. */
  problems: z.array(z.string()),
});
export type VerifyStep = z.infer<typeof verifyStepSchema>;

/** Verify: any audit folder, or a report built for signing. Reads only; no file is made and nothing is opened for work. */
export const verify = {
  folder: oc
    .input(z.strictObject({ place: placeIdSchema }))
    .output(eventIterator(verifyStepSchema)),
};
