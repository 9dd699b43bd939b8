import type { ReaderId } from "./ids.ts";
import type { SignatureFile, SignatureMeaning } from "./signature.ts";

/**
 * The report's states (review-experience 6.11). `draft` is open to changes; from `building` on everything it counts is
 * locked; `ready` is built and waits for its first signature; `superseded` was reopened as the next revision.
 */
export const revisionStates = ["draft", "building", "ready", "signed", "superseded"] as const;
export type RevisionState = (typeof revisionStates)[number];

/** Someone asked to sign, named on the page before anyone has. */
export interface NamedSigner {
  readonly readerId: ReaderId;
  readonly name: string;
  readonly role: string;
  readonly meaning: SignatureMeaning;
}

/** Who did something to a revision, when, and in which words. */
export interface RevisionNote {
  readonly readerId: ReaderId;
  readonly at: string;
  readonly words: string;
}

/** A signature as `revision.sign` entered it. */
export interface EnteredSignature {
  /** Name in the bundle's folder `signatures`. */
  readonly file: string;
  readonly recordNo: number;
  readonly content: SignatureFile;
}

/** A numbered, signable state of the report: a fold over the record. */
export interface Revision {
  readonly no: number;
  readonly state: RevisionState;
  /** The entry `revision.lock`, which `content.json` and every signature name; null while it is open. */
  readonly lock: { readonly recordNo: number; readonly hash: string; readonly at: string } | null;
  readonly signers: readonly NamedSigner[];
  /** SHA-256 of `manifest.json` and of `content.json`; null before it is built. */
  readonly manifestSha256: string | null;
  readonly contentSha256: string | null;
  readonly signatures: readonly EnteredSignature[];
  /** Why it was begun; null for the first. */
  readonly reopened: RevisionNote | null;
  /** What a signer asked to be corrected before signing; null once it is locked again. */
  readonly correction: RevisionNote | null;
}

/** Whether changes to the audit are refused. */
export function isLocked({ state }: Pick<Revision, "state">): boolean {
  return state !== "draft";
}

/** "Signed k of n": more may sign than were named. */
export function signedOf({ signatures, signers }: Revision): {
  readonly k: number;
  readonly n: number;
} {
  return { k: signatures.length, n: Math.max(signers.length, signatures.length) };
}
