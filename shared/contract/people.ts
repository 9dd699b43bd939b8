import { oc } from "@orpc/contract";
import { z } from "zod";
import { roles } from "../domain/role.ts";
import { readerSchema } from "./library.ts";
import { auditIdSchema, errorSchema, readerIdSchema } from "./schemas.ts";

/** Header in which a window sends its session; `sessionQuery` stands for it where an address cannot carry a header. */
export const sessionHeader = "x-hansight-session";
export const sessionQuery = "session";

/** Somebody who works on this computer. */
export const personSchema = readerSchema.extend({
  /** The role in which they join an audit; in an audit its own record decides. */
  role: z.enum(roles),
  /** Of the key that signs for them; null without one. */
  fingerprint: z.string().nullable(),
  /** Without one there is nothing to lock with, and signing asks for one. */
  hasPassphrase: z.boolean(),
  /** Why their key cannot be used here; null where it can, or there is none. */
  keyError: errorSchema.nullable(),
});
export type Person = z.infer<typeof personSchema>;

export const nameSchema = z.string().trim().min(1).max(200);
export const initialsSchema = z.string().trim().min(1).max(4);
const passphraseSchema = z.string().max(1000);

/** Who a window works for; null: nobody is signed in. */
export const windowSessionSchema = z
  .strictObject({ person: personSchema, isLocked: z.boolean() })
  .nullable();
export type WindowSession = z.infer<typeof windowSessionSchema>;

/**
 * People on this computer, and the session of a window: `signIn` gives a token that the window sends with every request.
 * Several may be signed in at once, each in a window of its own. What is said "own" is of the session's person.
 */
export const people = {
  /** By name; the first is whom to offer at the start: `last` signed in last. */
  list: oc.output(
    z.strictObject({ people: z.array(personSchema), last: readerIdSchema.nullable() }),
  ),
  /** Adds somebody; with a passphrase they get a key. Fails with `people/name-taken`, `keys/empty-passphrase`. */
  create: oc
    .input(
      z.strictObject({
        name: nameSchema,
        initials: initialsSchema,
        role: z.enum(roles),
        passphrase: passphraseSchema.nullable(),
      }),
    )
    .output(personSchema),
  /** Fails with `keys/wrong-passphrase`, `people/passphrase-needed`, and what is wrong with the key's file. */
  signIn: oc
    .input(z.strictObject({ readerId: readerIdSchema, passphrase: passphraseSchema.nullable() }))
    .output(z.strictObject({ session: z.string(), person: personSchema })),
  /** Of the session that is sent along. */
  session: oc.output(windowSessionSchema),
  signOut: oc.output(z.strictObject({})),
  /** Until `unlock` the session may do nothing else. Fails with `people/no-passphrase`. */
  lock: oc.output(z.strictObject({})),
  unlock: oc.input(z.strictObject({ passphrase: passphraseSchema })).output(z.strictObject({})),
  /** A first passphrase (`before` null) makes the key; later ones lock the same key anew. */
  setPassphrase: oc
    .input(z.strictObject({ before: passphraseSchema.nullable(), after: passphraseSchema }))
    .output(personSchema),
  /** Own name and initials. */
  rename: oc
    .input(z.strictObject({ name: nameSchema, initials: initialsSchema }))
    .output(personSchema),
  /** "Copy my key": the own key as it is locked here, with the name; a file to bring to another computer. */
  copyKey: oc.output(z.strictObject({ fileName: z.string(), text: z.string() })),
  /** Takes in what `copyKey` gave elsewhere; the passphrase proves that it is whole and one's own. */
  takeKey: oc
    .input(
      z.strictObject({
        fileName: z.string().max(300),
        text: z.string().max(65_536),
        passphrase: passphraseSchema,
      }),
    )
    .output(personSchema),
  /** Lets somebody of this computer join an audit, by a lead of it; who has joined stays as they are. */
  addToAudit: oc
    .input(
      z.strictObject({ auditId: auditIdSchema, readerId: readerIdSchema, role: z.enum(roles) }),
    )
    .output(z.strictObject({})),
};
