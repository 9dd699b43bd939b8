import type { AuditId, ReaderId } from "./ids.ts";

/** What signing says of the signer's part: printed beside the name, and covered by the signature. */
export const signatureMeanings = ["authored", "reviewed", "approved", "responsible"] as const;
export type SignatureMeaning = (typeof signatureMeanings)[number];

/** An Ed25519 public key: its 32 bytes as 64 lower-case hex digits. */
export type PublicKey = string;

/** What a signer signs: the RFC 8785 bytes of exactly these fields. */
export interface SignedStatement {
  readonly auditId: AuditId;
  /** From 1; reopening a signed revision makes the next. */
  readonly revision: number;
  /** SHA-256 of the bytes of `manifest.json`, hex. */
  readonly manifestSha256: string;
  /** The entry of the record that the revision was built from, by number and hash. */
  readonly recordNo: number;
  readonly recordHash: string;
  readonly readerId: ReaderId;
  readonly publicKey: PublicKey;
  /** Name and role as printed on the page, and as the record holds them. */
  readonly name: string;
  readonly role: string;
  readonly meaning: SignatureMeaning;
  readonly statement: string;
  /** ISO 8601 with the signer's own offset. */
  readonly signedAt: string;
}

/** The content of `signatures/<k>.json`, one signer each. */
export interface SignatureFile {
  readonly schema: 1;
  readonly signed: SignedStatement;
  /** Ed25519, 64 bytes as hex. */
  readonly signature: string;
}

/** A key as `reader.add` entered it: one for each key, name or role that a reader has had in the record. */
export interface RecordedReader {
  readonly readerId: ReaderId;
  readonly name: string;
  readonly role: string;
  readonly publicKey: PublicKey;
}

/**
 * Where the signing key is known from. `computer`: its private half lies here. `record`: from the audit alone, which
 * whoever edits the folder can edit as well. `nowhere`: the record does not have it, so the signature is broken.
 */
export type KeySource = "computer" | "record" | "nowhere";

/** One thing that does not hold about a signature, named by what it breaks. */
export type SignatureFault =
  /** Not a signature file; `field` is the first place that cannot be read, empty for the whole. */
  | { readonly kind: "unreadable"; readonly field: string }
  /** The same content in other bytes than Hansight wrote. */
  | { readonly kind: "rewritten" }
  /** The signature does not belong to this statement and key. */
  | { readonly kind: "signature" }
  /** A key that fits every statement, whoever signs. */
  | { readonly kind: "worthless-key" }
  /** Against the copy in the record: this field was another when it was signed. */
  | { readonly kind: "changed"; readonly field: string; readonly was: string; readonly is: string }
  | { readonly kind: "audit" | "revision" | "manifest" | "record-number" | "record-hash" }
  | { readonly kind: "key-not-in-record" }
  /** The record has another name or role for this key. */
  | { readonly kind: "name" | "role"; readonly recorded: string }
  /** The same signature as in another file: it counts once. */
  | { readonly kind: "duplicate"; readonly of: string }
  /** The record says that it was signed, and the file is gone. */
  | { readonly kind: "missing" };

/** `unconfirmed`: nothing is wrong, but the key is known from the audit alone; it is never called unchanged. */
export type SignatureState = "unchanged" | "unconfirmed" | "broken";

/** What Verify found about one signature. `signed` is null where the file cannot be read. */
export interface SignatureCheck {
  readonly file: string;
  readonly state: SignatureState;
  readonly key: KeySource;
  readonly fingerprint: string | null;
  readonly signed: SignedStatement | null;
  /**
   * Fingerprint of another key that lies here for the same reader or name, where the signing key does not: a warning. It
   * was renewed, two readers share a name, or someone else signed.
   */
  readonly otherKeyHere: string | null;
  readonly faults: readonly SignatureFault[];
}
