import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { passphraseBytes } from "./passphrase.ts";
import { PrivateKey, seedBytes } from "./private-key.ts";
import { fingerprint } from "./public-key.ts";

/** What a passphrase is worth: 128 MiB and some 0.4 s a guess. Nothing in a file can ask for less. */
const cost = { N: 1 << 17, r: 8, p: 1 } as const;
/** Node's default refuses this N; what a file asks beyond it is refused before any memory is taken. */
const maxmem = 256 << 20;
const mostPasses = 4;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

export const readerIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  .transform((text) => text as ReaderId); // sound: this is the parse that gives the brand

const envelopeSchema = z.strictObject({
  schema: z.literal(1),
  readerId: readerIdSchema,
  publicKey: hex(32),
  kdf: z.strictObject({
    name: z.literal("scrypt"),
    N: z.int().positive(),
    r: z.int().positive(),
    p: z.int().positive(),
    salt: hex(16),
  }),
  cipher: z.strictObject({
    name: z.literal("aes-256-gcm"),
    nonce: hex(12),
    sealed: hex(seedBytes),
    tag: hex(16),
  }),
  /** SHA-256 of the canonical JSON of the rest: tells a damaged file from a wrong passphrase. It proves nothing else. */
  checksum: hex(32),
});
/** A private key locked by a passphrase: what a key file holds and "Copy my key" hands out. */
export type Envelope = z.infer<typeof envelopeSchema>;

const newerSchema = z.looseObject({ schema: z.int().min(2) });

/** The 32-byte AES key that locks one envelope, and the salt it was derived with. */
export interface LockingKey {
  readonly key: Buffer;
  readonly salt: string;
}

/** Locks `privateKey` under a passphrase, with a fresh salt and nonce. */
export async function seal(privateKey: PrivateKey, passphrase: string): Promise<Envelope> {
  const salt = randomBytes(16).toString("hex");
  const key = await derive(passphrase, { ...cost, salt });
  try {
    return sealWith(privateKey, { key, salt });
  } finally {
    key.fill(0);
  }
}

/**
 * Unlocks an envelope; `file` is named where it is no good. The caller locks the key after use. Fails with
 * `keys/wrong-passphrase`, or with `keys/damaged` where what comes out does not belong to the public key.
 */
export async function unseal(
  envelope: Envelope,
  passphrase: string,
  file: string,
): Promise<PrivateKey> {
  const key = await derive(passphrase, envelope.kdf);
  try {
    return unsealWith(envelope, key, file);
  } finally {
    key.fill(0);
  }
}

/** `seal` with the derived key in hand: AES-256-GCM, the reader's id as additional data. */
export function sealWith(privateKey: PrivateKey, { key, salt }: LockingKey): Envelope {
  const { readerId, publicKey } = privateKey;
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(readerId));
  const sealed = privateKey.sealed((seed) => Buffer.concat([cipher.update(seed), cipher.final()]));
  const content: Omit<Envelope, "checksum"> = {
    schema: 1,
    readerId,
    publicKey,
    kdf: { name: "scrypt", ...cost, salt },
    cipher: {
      name: "aes-256-gcm",
      nonce: nonce.toString("hex"),
      sealed: sealed.toString("hex"),
      tag: cipher.getAuthTag().toString("hex"),
    },
  };
  return { ...content, checksum: checksum(content) };
}

/** `unseal` with the derived key in hand. */
export function unsealWith(envelope: Envelope, key: Buffer, file: string): PrivateKey {
  const { readerId, publicKey, cipher } = envelope;
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.nonce, "hex"), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(readerId));
  decipher.setAuthTag(Buffer.from(cipher.tag, "hex"));
  const seed = Buffer.alloc(seedBytes);
  const opened = decipher.update(cipher.sealed, "hex");
  opened.copy(seed);
  opened.fill(0);
  try {
    decipher.final();
  } catch (error) {
    seed.fill(0);
    return fail("keys/wrong-passphrase", { fingerprint: fingerprint(publicKey) }, { cause: error });
  }
  const privateKey = new PrivateKey(readerId, seed);
  if (privateKey.publicKey === publicKey) return privateKey;
  privateKey.lock();
  return fail("keys/damaged", { file, why: "other-key" });
}

/** The text of a key file. */
export function envelopeText(envelope: Envelope): string {
  return `${JSON.stringify(envelope, null, 2)}\n`;
}

/**
 * Reads the text of a key file called `file`. Fails with `keys/damaged`, `keys/newer`, or `keys/weak` where the
 * passphrase is stretched less than Hansight does: no passphrase is ever tried on such a file.
 */
export function parseEnvelope(text: string, file: string): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail("keys/damaged", { file, why: "not-json" }, { cause: error });
  }
  if (newerSchema.safeParse(json).success) return fail("keys/newer", { file });
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) return fail("keys/damaged", { file, why: "fields" });
  const { checksum: stated, ...content } = parsed.data;
  if (checksum(content) !== stated) return fail("keys/damaged", { file, why: "checksum" });
  const { N, r, p } = content.kdf;
  if (N < cost.N || r < cost.r || p < cost.p) return fail("keys/weak", { file });
  if (!Number.isInteger(Math.log2(N)) || 128 * r * (N + p) > maxmem || p > mostPasses)
    return fail("keys/newer", { file });
  return parsed.data;
}

function checksum(content: Omit<Envelope, "checksum">): string {
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

/** 32 bytes by scrypt, off the host's own thread. */
async function derive(
  passphrase: string,
  { N, r, p, salt }: { N: number; r: number; p: number; salt: string },
): Promise<Buffer> {
  const bytes = passphraseBytes(passphrase);
  try {
    return await new Promise<Buffer>((resolve, reject) =>
      scrypt(bytes, Buffer.from(salt, "hex"), 32, { N, r, p, maxmem }, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    );
  } finally {
    bytes.fill(0);
  }
}
