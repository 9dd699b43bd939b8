import { oc } from "@orpc/contract";
import { z } from "zod";
import { revisionStates } from "../domain/revision.ts";
import { signatureMeanings } from "../domain/signature.ts";
import {
  auditIdSchema,
  commandIdSchema,
  itemNoSchema,
  jobIdSchema,
  readerIdSchema,
  runIdSchema,
} from "./schemas.ts";

const inAudit = z.strictObject({ auditId: auditIdSchema });
const act = { auditId: auditIdSchema, commandId: commandIdSchema, readerId: readerIdSchema };
const meaningSchema = z.enum(signatureMeanings);
const noteSchema = z.strictObject({ name: z.string(), at: z.string(), words: z.string() });

/** A revision as the window shows it: names in the place of ids, signatures without their bytes. */
export const revisionSchema = z.strictObject({
  no: z.int(),
  state: z.enum(revisionStates),
  lockedAt: z.int().nullable(),
  manifestSha256: z.string().nullable(),
  contentSha256: z.string().nullable(),
  /** Whoever was named, in that order, then others who signed as well; `signed` is null while one is waited for. */
  signers: z.array(
    z.strictObject({
      readerId: readerIdSchema,
      name: z.string(),
      role: z.string(),
      meaning: meaningSchema,
      signed: z
        .strictObject({
          file: z.string(),
          at: z.string(),
          statement: z.string(),
          fingerprint: z.string(),
        })
        .nullable(),
    }),
  ),
  reopened: noteSchema.nullable(),
  correction: noteSchema.nullable(),
});
export type RevisionRow = z.infer<typeof revisionSchema>;

/** Signing: a revision is locked and built (`prepare`), signed by one after another, sent back, reopened. */
export const revisions = {
  /** In order; the last one is the one people work on. */
  list: oc.input(inAudit).output(
    z.strictObject({
      revisions: z.array(revisionSchema),
      /** Who has a key in the record, and could be named. */
      signers: z.array(
        z.strictObject({
          readerId: readerIdSchema,
          name: z.string(),
          role: z.string(),
          fingerprint: z.string(),
          /** The private key lies on this computer. */
          isHere: z.boolean(),
        }),
      ),
    }),
  ),
  prepare: oc
    .input(
      z.strictObject({
        ...act,
        signers: z
          .array(z.strictObject({ readerId: readerIdSchema, meaning: meaningSchema }))
          .max(50),
        run: runIdSchema.nullable(),
        plates: z.array(itemNoSchema).nullable(),
        keepNames: z.boolean(),
      }),
    )
    .output(z.strictObject({ jobId: jobIdSchema })),
  sign: oc
    .input(
      z.strictObject({
        ...act,
        passphrase: z.string().max(1000),
        meaning: meaningSchema,
        statement: z.string().max(10_000),
        /** Of the manifest that the signer was shown. */
        manifestSha256: z.string(),
      }),
    )
    .output(revisionSchema),
  correct: oc
    .input(z.strictObject({ ...act, words: z.string().max(10_000) }))
    .output(revisionSchema),
  reopen: oc
    .input(z.strictObject({ ...act, words: z.string().max(10_000) }))
    .output(revisionSchema),
};
