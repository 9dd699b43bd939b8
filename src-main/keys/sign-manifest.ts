import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import type { SignatureFile, SignatureMeaning } from "../../shared/domain/signature.ts";
import type { PrivateKey } from "./private-key.ts";
import { signatureFileSchema, signedBytes } from "./signature-file.ts";

export interface ToSign {
  readonly auditId: AuditId;
  readonly revision: number;
  /** SHA-256 of the bytes of `manifest.json`, hex. */
  readonly manifestSha256: string;
  /** The record entry that `content.json` names: every signer of a revision signs the same. */
  readonly recordTip: { readonly no: number; readonly hash: string };
  /** As the record holds the reader: Verify compares name and role with it. */
  readonly signer: { readonly readerId: ReaderId; readonly name: string; readonly role: string };
  readonly meaning: SignatureMeaning;
  readonly statement: string;
  /** ISO 8601 with offset. */
  readonly at: string;
}

/**
 * One signer's signature over a built revision: Ed25519 over the RFC 8785 bytes of the statement, which names manifest
 * and record, so that neither can change under it. What Verify could not read is a mistake of the caller and throws.
 */
export function signManifest(key: PrivateKey, toSign: ToSign): SignatureFile {
  const { signer, recordTip, at, ...rest } = toSign;
  if (signer.readerId !== key.readerId) throw new RangeError("the key belongs to another reader");
  const signed = {
    ...rest,
    recordNo: recordTip.no,
    recordHash: recordTip.hash,
    readerId: signer.readerId,
    publicKey: key.publicKey,
    name: signer.name,
    role: signer.role,
    signedAt: at,
  };
  const signature = key.sign(signedBytes(signed));
  return signatureFileSchema.parse({ schema: 1, signed, signature });
}
