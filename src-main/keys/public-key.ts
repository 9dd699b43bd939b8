import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import type { PublicKey } from "../../shared/domain/signature.ts";

/** SubjectPublicKeyInfo up to the 32 bytes of an Ed25519 key (RFC 8410). */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** First 16 hex digits of the SHA-256 of the key's 32 bytes: what screen and page print, and people compare. */
export function fingerprint(publicKey: PublicKey): string {
  return createHash("sha256").update(publicKey, "hex").digest("hex").slice(0, 16);
}

/** Whether `signature` (hex) over `bytes` was made by the private half of `publicKey`. */
export function isSignedBy(publicKey: PublicKey, bytes: Uint8Array, signature: string): boolean {
  try {
    return verify(null, bytes, keyObject(publicKey), Buffer.from(signature, "hex"));
  } catch {
    return false; // not a point of the curve: nobody has signed by it
  }
}

/** The 32 bytes of a public key, as hex. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return der.subarray(spkiPrefix.length).toString("hex");
}

/**
 * Whether the key is one of the curve's eight points of small order, in any encoding: under such a key one signature
 * fits many statements, and anybody can make it. By their y: 0, 1, p - 1, the two of order 8, and p, p + 1 that stand for
 * 0 and 1; p = 2^255 - 19. Refused here, since libraries differ: Node links OpenSSL, Electron BoringSSL.
 */
export function isWorthless(publicKey: PublicKey): boolean {
  const bytes = Buffer.from(publicKey, "hex");
  bytes[31] = (bytes[31] ?? 0) & 0x7f; // the sign of x
  return smallOrder.has(bytes.toString("hex"));
}

const smallOrder: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

function keyObject(publicKey: PublicKey): KeyObject {
  const key = Buffer.concat([spkiPrefix, Buffer.from(publicKey, "hex")]);
  return createPublicKey({ key, format: "der", type: "spki" });
}
