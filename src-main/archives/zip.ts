import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { open, validateFileName, type Entry, type ZipFile } from "yauzl";

/** One file in an archive, by the archive's directory. */
export interface Member {
  /** Below the archive, "/"-separated. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly entry: Entry;
}

/** An archive's directory. What is in it is read in place and never written anywhere. */
export interface Archive {
  readonly members: ReadonlyMap<string, Member>;
  /** Members that were passed over, by why. */
  readonly refused: Readonly<Record<RefusedMember, number>>;
  read(member: Member, limitBytes: number): Promise<Uint8Array>;
}

/** A name that leads out of the archive, a password, or a size that no file packs to. */
export type RefusedMember = "outside" | "encrypted" | "bomb";

/** More members than any disc has files. */
const mostMembers = 500_000;
/** Deflate packs 1 : 1032 at most; a member that claims more, and is large, lies. */
const mostRatio = 1100;
const smallBytes = 1_000_000;

/** Thrown where a file is no archive that can be read. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";
}

const kept = 4;
const known = new Map<string, Promise<Archive>>();

/** Opens an archive's directory; the last few are remembered while their file stays as it is. */
export async function openArchive(path: string): Promise<Archive> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path}\0${size}\0${mtimeMs}`;
  const archive = known.get(key) ?? readDirectory(path);
  known.delete(key);
  known.set(key, archive);
  for (const old of known.keys()) {
    if (known.size <= kept) break;
    const closing = known.get(old);
    known.delete(old);
    void closing?.then(closeArchive, () => undefined);
  }
  try {
    return await archive;
  } catch (cause) {
    known.delete(key);
    throw cause;
  }
}

const files = new WeakMap<Archive, ZipFile>();

function closeArchive(archive: Archive): void {
  files.get(archive)?.close(); // reads that are under way end first
}

async function readDirectory(path: string): Promise<Archive> {
  const file = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false } as const;
    open(path, options, (error, found) => {
      if (found) resolve(found);
      else reject(new BadArchive(error?.message ?? "", { cause: error }));
    });
  });
  const members = new Map<string, Member>();
  const refused = { outside: 0, encrypted: 0, bomb: 0 };
  await new Promise<void>((resolve, reject) => {
    file.on("error", (cause: unknown) => reject(new BadArchive("directory", { cause })));
    file.on("end", resolve);
    file.on("entry", (entry: Entry) => {
      const name = nameOf(entry);
      const { compressedSize, uncompressedSize, generalPurposeBitFlag } = entry;
      const isFolder = name.endsWith("/");
      const isBomb = uncompressedSize > Math.max(smallBytes, compressedSize * mostRatio);
      if (validateFileName(name) !== null) refused.outside++;
      else if (!isFolder && (generalPurposeBitFlag & 1) === 1) refused.encrypted++;
      else if (!isFolder && isBomb) refused.bomb++;
      else if (!isFolder && !members.has(name)) {
        const modifiedMs = entry.getLastModDate().getTime();
        members.set(name, { name, bytes: uncompressedSize, modifiedMs, entry });
      }
      if (members.size > mostMembers) reject(new BadArchive("members"));
      else file.readEntry();
    });
    file.readEntry();
  }).catch((cause: unknown) => {
    file.close();
    throw cause;
  });
  const archive: Archive = {
    members,
    refused,
    read: (member, limitBytes) => readMember(file, member, limitBytes),
  };
  files.set(archive, file);
  return archive;
}

/** Names are bytes; those that say so, or can be, are UTF-8, others Latin-1: told apart, they stay different. */
function nameOf({ fileName }: Entry): string {
  const raw = fileName as unknown as Buffer; // with decodeStrings off it is one
  const text = raw.toString("utf8");
  return (text.includes("\ufffd") ? raw.toString("latin1") : text).replaceAll("\\", "/");
}

/** The first `limitBytes` of a member; unpacking stops there, whatever follows. */
async function readMember(
  file: ZipFile,
  { entry, bytes }: Member,
  limitBytes: number,
): Promise<Uint8Array> {
  const openStream = promisify(file.openReadStream.bind(file)) as (
    entry: Entry,
  ) => Promise<NodeJS.ReadableStream & { destroy(): void }>; // of its overloads the one with an entry alone
  const stream = await openStream(entry);
  const wanted = Math.min(bytes, limitBytes);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream) {
      pieces.push(piece as Buffer); // no encoding is set
      length += (piece as Buffer).length;
      if (length >= wanted) break;
    }
  } finally {
    stream.destroy();
  }
  return Buffer.concat(pieces).subarray(0, wanted);
}
