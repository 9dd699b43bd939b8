import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { PrivateKey } from "./private-key.ts";
import { fingerprint, isSignedBy, isWorthless } from "./public-key.ts";

const reader = "5f0c7d2e-8f3b-4a61-9d57-0c1e2b3a4d5f" as ReaderId; // a made-up reader

/** RFC 8032, section 7.1: TEST 1 to 3. */
const vectors = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    text: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    text: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    text: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

describe("a private key", () => {
  it.each(vectors)("signs $text as RFC 8032 does", ({ seed, publicKey, text, signature }) => {
    const key = new PrivateKey(reader, Buffer.from(seed, "hex"));
    const bytes = Buffer.from(text, "hex");
    expect(key.publicKey).toBe(publicKey);
    expect(key.sign(bytes)).toBe(signature);
    expect(isSignedBy(publicKey, bytes, signature)).toBe(true);
    expect(isSignedBy(publicKey, Buffer.concat([bytes, bytes, Buffer.of(0)]), signature)).toBe(
      false,
    );
  });

  it("wipes its seed when locked, and signs no more", () => {
    const seed = Buffer.from("9d".repeat(32), "hex");
    const key = new PrivateKey(reader, seed);
    key.lock();
    expect(seed.equals(Buffer.alloc(32))).toBe(true);
    expect(() => key.sign(Buffer.of(1))).toThrow(TypeError);
    expect(() => key.sealed(() => 1)).toThrow(TypeError);
  });

  it("shows its seed to no log and no JSON", () => {
    const key = new PrivateKey(reader, Buffer.from("9d".repeat(32), "hex"));
    const shown = inspect(key, { showHidden: true, depth: 9 }) + JSON.stringify(key);
    expect(shown).toContain(key.publicKey);
    expect(shown).not.toMatch(/(9d[ ,]*){4}|(157[ ,]*){4}/);
  });

  it("is another at every making", () => {
    expect(PrivateKey.generate(reader).publicKey).not.toBe(PrivateKey.generate(reader).publicKey);
  });
});

describe("a public key", () => {
  it("is known by the first 16 hex of its SHA-256", () => {
    // sha256sum of the 32 bytes of TEST 1's key
    expect(fingerprint("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")).toBe(
      "21fe31dfa154a261",
    );
  });

  it("of every small order is called worthless, with either sign, and a real one is not", () => {
    const p = 2n ** 255n - 19n;
    const y8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    // Order 8: doubled, its y is 0, so x² = -y²; on -x² + y² = 1 + d x² y² that gives d y⁴ + 2 y² = 1, where
    // d = -121665 / 121666.
    const y2 = decoded(y8) ** 2n % p;
    expect((2n * 121666n * y2 - 121665n * y2 * y2 - 121666n) % p).toBe(0n);
    for (const y of [encoded(0n), encoded(1n), encoded(p - 1n), encoded(p), encoded(p + 1n), y8]) {
      expect(isWorthless(y)).toBe(true);
      const signed = Buffer.from(y, "hex");
      signed[31] = (signed[31] ?? 0) | 0x80;
      expect(isWorthless(signed.toString("hex"))).toBe(true);
    }
    const negative = encoded(p - decoded(y8));
    expect(isWorthless(negative)).toBe(true);
    const der = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" });
    expect(isWorthless(der.subarray(-32).toString("hex"))).toBe(false);
  });
});

function encoded(y: bigint): string {
  return Buffer.from(y.toString(16).padStart(64, "0"), "hex").reverse().toString("hex");
}

function decoded(hex: string): bigint {
  return BigInt(`0x${Buffer.from(hex, "hex").reverse().toString("hex")}`);
}
