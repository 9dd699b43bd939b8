import { createDecipheriv, createHash, scryptSync } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { explainError, AppError } from "../../shared/errors/app-error.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { envelopeText, parseEnvelope, sealWith, unsealWith, type Envelope } from "./envelope.ts";
import { createFile, exposure, replaceFile } from "./key-file.ts";
import { PrivateKey } from "./private-key.ts";
import { ReaderKeys } from "./reader-keys.ts";

const a = "5f0c7d2e-8f3b-4a61-9d57-0c1e2b3a4d5f" as ReaderId; // made-up readers
const b = "0a9b8c7d-6e5f-4d3c-8b2a-190817263544" as ReaderId;
const isWindows = process.platform === "win32";
/** AES under a key of our own choice: the same code as in use, without 0.4 s of scrypt for each case. */
const lock = { key: Buffer.alloc(32, 7), salt: "00".repeat(16) };
const sealedFor = (reader: ReaderId) => sealWith(PrivateKey.generate(reader), lock);

it("locks a key as the architecture states, readable by an independent hand", async () => {
  const folder = join(await temporaryFolder(), "keys");
  const keys = new ReaderKeys(folder);
  // "é" composed by the one keyboard, "ﬁ" a ligature: NFKC makes both plain
  const made = await keys.create(a, "caf\u00e9 \ufb01sh");
  const file = join(folder, `${a}.json`);
  if (!isWindows) {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  }
  expect(await readdir(folder)).toEqual([`${a}.json`]);

  const { kdf, cipher, publicKey } = JSON.parse(await readFile(file, "utf8"));
  expect(kdf).toMatchObject({ name: "scrypt", N: 131072, r: 8, p: 1 });
  expect(Buffer.from(kdf.salt, "hex")).toHaveLength(16);
  // the other keyboard: e and a combining accent, f and i
  const key = scryptSync("cafe\u0301 fish".normalize("NFKC"), Buffer.from(kdf.salt, "hex"), 32, {
    ...{ N: 131072, r: 8, p: 1 },
    maxmem: 256 << 20,
  });
  const opened = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.nonce, "hex"));
  opened.setAAD(Buffer.from(a)).setAuthTag(Buffer.from(cipher.tag, "hex"));
  const seed = Buffer.concat([opened.update(Buffer.from(cipher.sealed, "hex")), opened.final()]);
  expect(new PrivateKey(a, seed).publicKey).toBe(publicKey);
  expect(made.publicKey).toBe(publicKey);

  await expect(keys.checkPassphrase(a, "cafe\u0301 fish")).resolves.toBeUndefined();
  await expect(keys.create(a, "again")).rejects.toMatchObject({ code: "keys/exists" });
});

it("refuses a wrong passphrase in words, changes it, and locks the key after use and failure", async () => {
  const keys = new ReaderKeys(join(await temporaryFolder(), "keys"));
  const { fingerprint } = await keys.create(a, "one");
  const copy = await keys.exportKey(a);
  const wrong = await keys.checkPassphrase(a, "One").catch((error: unknown) => error);
  expect(wrong).toBeInstanceOf(AppError);
  const words = explainError((wrong as AppError).toJSON()); // checked on the line above
  expect(words.what).toBe(`Cannot unlock key ${fingerprint}: the passphrase does not fit`);
  expect(words.safe).toContain("Nothing was signed");
  expect(words.hint).toContain("caps lock");
  expect(JSON.stringify(wrong)).not.toContain("One");

  await keys.changePassphrase(a, "one", "two");
  await expect(keys.checkPassphrase(a, "one")).rejects.toMatchObject({
    code: "keys/wrong-passphrase",
  });
  let used: PrivateKey | null = null;
  const failing = keys.unlocked(a, "two", (key) => {
    used = key;
    expect(key.sign(Buffer.of(1))).toHaveLength(128);
    throw new Error("the signer's plans changed");
  });
  await expect(failing).rejects.toThrow("plans changed");
  expect(() => used?.sign(Buffer.of(1))).toThrow("locked");

  // the copy from before still has its own passphrase, and does not take the place of the key here
  await expect(keys.importKey(copy, "one", "copy.json")).rejects.toMatchObject({
    code: "keys/exists",
  });
  const elsewhere = new ReaderKeys(join(await temporaryFolder(), "keys"));
  const imported = await elsewhere.importKey(copy, "one", "copy.json");
  expect(imported.fingerprint).toBe(fingerprint);
  expect(await elsewhere.exportKey(a)).toBe(copy);
});

it("keeps one key when two are made at once", async () => {
  const folder = join(await temporaryFolder(), "keys");
  const keys = new ReaderKeys(folder);
  const made = await Promise.allSettled([keys.create(a, "one"), keys.create(a, "two")]);
  const codes = made.map((each) => (each.status === "rejected" ? each.reason.code : "made"));
  expect(codes.toSorted()).toEqual(["keys/exists", "made"]);
  const winner = made.find((each) => each.status === "fulfilled")?.value;
  expect(await keys.find(a)).toEqual(winner);
  expect(await readdir(folder)).toEqual([`${a}.json`]);
});

it("a hundred writers leave one whole file, and of those that create just one wins", async () => {
  const folder = await temporaryFolder();
  const texts = Array.from({ length: 100 }, (_, n) => `${n}`.repeat(5000));
  await Promise.all(texts.map((text) => replaceFile(join(folder, "r.json"), text)));
  expect(texts).toContain(await readFile(join(folder, "r.json"), "utf8"));
  const created = await Promise.all(texts.map((text) => createFile(join(folder, "c.json"), text)));
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(await readFile(join(folder, "c.json"), "utf8")).toBe(texts[created.indexOf(true)]);
  expect((await readdir(folder)).toSorted()).toEqual(["c.json", "r.json"]);
});

it("tells damage from a wrong passphrase, at every character of the file", () => {
  const text = envelopeText(sealedFor(a));
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32) continue; // white space between fields carries nothing
    const flipped = text.slice(0, at) + String.fromCharCode(code ^ 1) + text.slice(at + 1);
    expect(() => parseEnvelope(flipped, "k.json"), `character ${at}`).toThrow(
      /^Cannot use key file "k.json"/,
    );
  }
  for (let length = 0; length < text.length - 2; length += 7)
    expect(() => parseEnvelope(text.slice(0, length), "k.json")).toThrow("cut off");
});

it.each([
  ["readerId", (e: Envelope) => ({ ...e, readerId: b }), "keys/wrong-passphrase"],
  ["nonce", (e: Envelope) => inCipher(e, "nonce"), "keys/wrong-passphrase"],
  ["sealed", (e: Envelope) => inCipher(e, "sealed"), "keys/wrong-passphrase"],
  ["tag", (e: Envelope) => inCipher(e, "tag"), "keys/wrong-passphrase"],
  ["publicKey", (e: Envelope) => ({ ...e, publicKey: flip(e.publicKey) }), "keys/damaged"],
] as const)("opens nothing once its %s was changed on purpose", (_field, change, code) => {
  const envelope = sealedFor(a);
  expect(unsealWith(envelope, lock.key, "k.json").publicKey).toBe(envelope.publicKey);
  expect(() => unsealWith(change(envelope), lock.key, "k.json")).toThrow(
    expect.objectContaining({ code }),
  );
});

it.each([
  [{ N: 1 << 16 }, "keys/weak"],
  [{ r: 7 }, "keys/weak"],
  [{ N: 1 << 18 }, "keys/newer"], // 256 MiB and more: beyond the memory we give it
  [{ N: 3 << 16 }, "keys/newer"],
  [{ p: 5 }, "keys/newer"],
] as const)("tries no passphrase on a file that asks for %o", async (kdf, code) => {
  const envelope = sealedFor(a);
  const { checksum: _, ...content } = { ...envelope, kdf: { ...envelope.kdf, ...kdf } };
  expect(() => parseEnvelope(withChecksum(content), "k.json")).toThrow(
    expect.objectContaining({ code }),
  );
});

it("lists what it has and why the rest cannot be used, and knows nothing of other files", async () => {
  const folder = await temporaryFolder();
  const keys = new ReaderKeys(folder);
  expect(await new ReaderKeys(join(folder, "none")).list()).toEqual([]);
  const mine = sealedFor(a);
  await createFile(join(folder, `${a}.json`), envelopeText(mine));
  await createFile(join(folder, `${b}.json`), envelopeText(mine)); // put under another name
  await writeFile(join(folder, "notes.txt"), "");
  expect(await keys.list()).toMatchObject([
    { kind: "unusable", readerId: b, error: { code: "keys/damaged" } },
    { kind: "ready", readerId: a, publicKey: mine.publicKey },
  ]);
  await expect(keys.checkPassphrase(b, "x")).rejects.toMatchObject({
    details: { why: "other-reader" },
  });
});

it("an id that is no UUID reaches no file: it has no key", async () => {
  const keys = new ReaderKeys(await temporaryFolder({ "secret.json": "{}" }));
  const id = "../secret" as ReaderId; // as a request could carry it
  expect(await keys.find(id)).toBeNull();
  await expect(keys.exportKey(id)).rejects.toMatchObject({ code: "keys/missing" });
  await expect(keys.create(id, "x")).rejects.toThrow(RangeError);
  await expect(keys.exportKey(a)).rejects.toMatchObject({ code: "keys/missing" });
});

it.skipIf(isWindows)("refuses a key that others may read, and a link", async () => {
  const folder = await temporaryFolder();
  const keys = new ReaderKeys(folder);
  const file = join(folder, `${a}.json`);
  await createFile(file, envelopeText(sealedFor(a)));
  await chmod(file, 0o640);
  await expect(keys.exportKey(a)).rejects.toMatchObject({ code: "keys/open-to-others" });
  await chmod(file, 0o600);
  await expect(keys.exportKey(a)).resolves.toContain(a);
  await symlink(file, join(folder, `${b}.json`));
  await expect(keys.exportKey(b)).rejects.toMatchObject({ details: { why: "not-a-file" } });
  expect(exposure(0o100600, 1000, 1001)).toBe("owner");
  expect(exposure(0o100604, 1000, 1000)).toBe("mode");
  expect(exposure(0o100600, 1000, 1000)).toBeNull();
});

it.skipIf(isWindows || process.getuid?.() === 0)(
  "says so where the folder may not be written (not as root: root may)",
  async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    await expect(replaceFile(join(folder, `${a}.json`), "x")).rejects.toMatchObject({
      code: "keys/not-written",
      details: { why: "permission denied" },
    });
    await chmod(folder, 0o700);
  },
);

it("says so where the key's folder cannot be made, and leaves nothing behind", async () => {
  const folder = await temporaryFolder({ keys: "a file, not a folder" });
  await expect(createFile(join(folder, "keys", `${a}.json`), "x")).rejects.toMatchObject({
    code: "keys/not-written",
  });
  expect(await readdir(folder)).toEqual(["keys"]);
  await mkdir(join(folder, "other", `${a}.json`), { recursive: true });
  await expect(replaceFile(join(folder, "other", `${a}.json`), "x")).rejects.toMatchObject({
    code: "keys/not-written",
  });
  expect(await readdir(join(folder, "other"))).toEqual([`${a}.json`]);
});

it("asks for a passphrase that is not empty", async () => {
  const keys = new ReaderKeys(await temporaryFolder());
  await expect(keys.create(a, "")).rejects.toMatchObject({ code: "keys/empty-passphrase" });
  expect(await keys.find(a)).toBeNull();
});

function withChecksum(content: object): string {
  const checksum = createHash("sha256").update(canonicalJson(content)).digest("hex");
  return JSON.stringify({ ...content, checksum });
}

function flip(hex: string): string {
  return (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
}

function inCipher(envelope: Envelope, field: "nonce" | "sealed" | "tag"): Envelope {
  const { cipher } = envelope;
  return { ...envelope, cipher: { ...cipher, [field]: flip(cipher[field]) } };
}
