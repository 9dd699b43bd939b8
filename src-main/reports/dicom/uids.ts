import { createHmac, randomBytes } from "node:crypto";

/** A fresh identifier: 2.25 and 128 random bits (PS3.5 B.2). */
export function newUid(): string {
  return derived(randomBytes(16));
}

/** Maps identifiers one to one with an audit's secret: study, series, instance and frame of reference in one table. */
export class UidMap {
  readonly #secret: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** `2.25.<128 bits of HMAC-SHA-256(secret, uid)>`; the same for the same UID in every export of an audit. */
  map(uid: string): string {
    const known = this.#known.get(uid);
    if (known) return known;
    const made = derived(createHmac("sha256", this.#secret).update(uid).digest().subarray(0, 16));
    this.#known.set(uid, made);
    return made;
  }

  /** A pseudonym of a patient's number, of 16 digits; "" for none. */
  pseudonym(patientId: string): string {
    if (patientId === "") return "";
    const hash = createHmac("sha256", this.#secret).update(`patient ${patientId}`).digest("hex");
    return hash.slice(0, 16).toUpperCase();
  }
}

function derived(bits: Uint8Array): string {
  return `2.25.${BigInt(`0x${Buffer.from(bits).toString("hex")}`)}`;
}
