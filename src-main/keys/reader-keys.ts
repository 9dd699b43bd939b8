import { join } from "node:path";
import type { ReaderId } from "../../shared/domain/ids.ts";
import type { PublicKey } from "../../shared/domain/signature.ts";
import { AppError, fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import {
  envelopeText,
  parseEnvelope,
  readerIdSchema,
  seal,
  unseal,
  type Envelope,
} from "./envelope.ts";
import { createFile, namesIn, readKeyFile, replaceFile } from "./key-file.ts";
import { PrivateKey } from "./private-key.ts";
import { fingerprint } from "./public-key.ts";

/** The open half of a reader's key. */
export interface ReaderKey {
  readonly readerId: ReaderId;
  readonly publicKey: PublicKey;
  readonly fingerprint: string;
}

/** A key on this computer, or the file that should hold one and why it cannot be used. */
export type StoredKey =
  | ({ readonly kind: "ready" } & ReaderKey)
  | { readonly kind: "unusable"; readonly readerId: ReaderId; readonly error: ErrorJson };

/**
 * The readers' private keys on this computer: one file `<readerId>.json` each in `folder`, `$HANSIGHT_HOME/keys`.
 * Nothing unlocked is kept: each use asks for the passphrase, and wipes the key after it.
 */
export class ReaderKeys {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes a key for a reader who has none here. Fails with `keys/exists`, `keys/empty-passphrase`. */
  async create(readerId: ReaderId, passphrase: string): Promise<ReaderKey> {
    if (!isUuid(readerId)) throw new RangeError("the id of a reader with a key is a UUID");
    if ((await readKeyFile(this.#file(readerId))) !== null) fail("keys/exists", { readerId });
    const privateKey = PrivateKey.generate(readerId);
    try {
      return await this.#add(await seal(privateKey, passphrase));
    } finally {
      privateKey.lock();
    }
  }

  /**
   * Unlocks a reader's key for the time of `use`. Fails with `keys/missing`, `keys/wrong-passphrase`, and what is wrong
   * with the file.
   */
  async unlocked<T>(
    readerId: ReaderId,
    passphrase: string,
    use: (key: PrivateKey) => T | Promise<T>,
  ): Promise<T> {
    const key = await unseal(await this.#read(readerId), passphrase, this.#file(readerId));
    try {
      return await use(key);
    } finally {
      key.lock();
    }
  }

  /** Opens the session's lock: fails as `unlocked` does, and keeps nothing. */
  async checkPassphrase(readerId: ReaderId, passphrase: string): Promise<void> {
    await this.unlocked(readerId, passphrase, () => undefined);
  }

  /** Locks the same key under another passphrase. Copies made before keep the passphrase they had. */
  async changePassphrase(readerId: ReaderId, before: string, after: string): Promise<void> {
    const file = this.#file(readerId);
    const envelope = await this.#read(readerId);
    const key = await unseal(envelope, before, file);
    try {
      const text = envelopeText(await seal(key, after));
      const { checksum } = await this.#read(readerId);
      if (checksum !== envelope.checksum)
        fail("keys/changed-meanwhile", { fingerprint: key.fingerprint });
      await replaceFile(file, text);
    } finally {
      key.lock();
    }
  }

  /** "Copy my key": the text of the envelope, as locked as it lies here. */
  async exportKey(readerId: ReaderId): Promise<string> {
    return envelopeText(await this.#read(readerId));
  }

  /**
   * Takes in what `exportKey` gave elsewhere; the passphrase proves that it is whole and the reader's own. `source` names
   * it in errors. The same copy twice is no error; another key or passphrase for the reader is `keys/exists`.
   */
  async importKey(text: string, passphrase: string, source: string): Promise<ReaderKey> {
    const envelope = parseEnvelope(text, source);
    const { readerId } = envelope;
    const here = await readKeyFile(this.#file(readerId));
    if (here !== null && this.#parse(here, readerId).checksum !== envelope.checksum)
      fail("keys/exists", { readerId });
    (await unseal(envelope, passphrase, source)).lock();
    return here === null ? this.#add(envelope) : readerKey(envelope);
  }

  /** The open half of a reader's key, or null where this computer has none. Fails where the file cannot be used. */
  async find(readerId: ReaderId): Promise<ReaderKey | null> {
    const text = isUuid(readerId) ? await readKeyFile(this.#file(readerId)) : null;
    return text === null ? null : readerKey(this.#parse(text, readerId));
  }

  /** Every key on this computer, by reader id; a file that cannot be used is listed with its reason. */
  async list(): Promise<StoredKey[]> {
    const names = await namesIn(this.#folder);
    const found: StoredKey[] = [];
    for (const name of names.toSorted()) {
      const id = name.endsWith(".json") ? readerIdSchema.safeParse(name.slice(0, -5)) : null;
      if (!id?.success) continue;
      try {
        const key = await this.find(id.data);
        if (key) found.push({ kind: "ready", ...key });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        found.push({ kind: "unusable", readerId: id.data, error: error.toJSON() });
      }
    }
    return found;
  }

  async #add(envelope: Envelope): Promise<ReaderKey> {
    const { readerId } = envelope;
    if (!(await createFile(this.#file(readerId), envelopeText(envelope))))
      fail("keys/exists", { readerId });
    return readerKey(await this.#read(readerId)); // a drive that cannot keep it private says so now, not at signing
  }

  async #read(readerId: ReaderId): Promise<Envelope> {
    const text = await readKeyFile(this.#file(readerId));
    return text === null ? fail("keys/missing", { readerId }) : this.#parse(text, readerId);
  }

  #parse(text: string, readerId: ReaderId): Envelope {
    const file = this.#file(readerId);
    const envelope = parseEnvelope(text, file);
    if (envelope.readerId !== readerId) fail("keys/damaged", { file, why: "other-reader" });
    return envelope;
  }

  /** A reader's id becomes a file's name: what is no UUID never reaches the disk, and has no key. */
  #file(readerId: ReaderId): string {
    if (!isUuid(readerId)) fail("keys/missing", { readerId });
    return join(this.#folder, `${readerId}.json`);
  }
}

function isUuid(readerId: string): boolean {
  return readerIdSchema.safeParse(readerId).success;
}

function readerKey({ readerId, publicKey }: Envelope): ReaderKey {
  return { readerId, publicKey, fingerprint: fingerprint(publicKey) };
}
