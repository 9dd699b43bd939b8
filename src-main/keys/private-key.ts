import { createPrivateKey, randomBytes, sign, type KeyObject } from "node:crypto";
import type { ReaderId } from "../../shared/domain/ids.ts";
import type { PublicKey } from "../../shared/domain/signature.ts";
import { fingerprint, publicKeyOf } from "./public-key.ts";

/** PrivateKeyInfo up to the 32 bytes of an Ed25519 seed (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

export const seedBytes = 32;

/**
 * A reader's private key while it is unlocked: the 32-byte seed of RFC 8032, in memory of its own that `lock` wipes. It
 * shows itself to no log, inspection or JSON.
 */
export class PrivateKey {
  readonly readerId: ReaderId;
  readonly publicKey: PublicKey;
  readonly fingerprint: string;
  readonly #seed: Buffer;
  #isLocked = false;

  /** Takes over `seed` and wipes it when locked. */
  constructor(readerId: ReaderId, seed: Buffer) {
    if (seed.length !== seedBytes) throw new RangeError("an Ed25519 seed has 32 bytes");
    this.readerId = readerId;
    this.#seed = seed;
    this.publicKey = publicKeyOf(this.#keyObject());
    this.fingerprint = fingerprint(this.publicKey);
  }

  static generate(readerId: ReaderId): PrivateKey {
    const seed = Buffer.alloc(seedBytes);
    const random = randomBytes(seedBytes);
    random.copy(seed);
    random.fill(0);
    return new PrivateKey(readerId, seed);
  }

  /** The Ed25519 signature of `bytes`, 64 bytes as hex. */
  sign(bytes: Uint8Array): string {
    return sign(null, bytes, this.#keyObject()).toString("hex");
  }

  /** Hands the seed to `seal` for the time of the call. */
  sealed<T>(seal: (seed: Uint8Array) => T): T {
    if (this.#isLocked) throw new TypeError("this key is locked");
    return seal(this.#seed);
  }

  /** Wipes the seed; nothing can be signed after it. */
  lock(): void {
    this.#isLocked = true;
    this.#seed.fill(0);
  }

  /** Made for one use and dropped: OpenSSL wipes its own copy when the object is collected. */
  #keyObject(): KeyObject {
    if (this.#isLocked) throw new TypeError("this key is locked");
    const key = Buffer.alloc(pkcs8Prefix.length + seedBytes);
    pkcs8Prefix.copy(key);
    this.#seed.copy(key, pkcs8Prefix.length);
    try {
      return createPrivateKey({ key, format: "der", type: "pkcs8" });
    } finally {
      key.fill(0);
    }
  }
}
