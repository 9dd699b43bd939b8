import { fail } from "../../shared/errors/app-error.ts";

/**
 * The bytes a passphrase stands for: NFKC, so that it fits however a keyboard composes its letters, in UTF-8. Whoever
 * asks wipes them (`bytes.fill(0)`); the string itself is Node's to forget.
 */
export function passphraseBytes(passphrase: string): Buffer {
  const text = passphrase.normalize("NFKC");
  if (text === "") fail("keys/empty-passphrase", {});
  const bytes = Buffer.alloc(Buffer.byteLength(text)); // of its own, never a slice of the shared pool
  bytes.write(text);
  return bytes;
}
