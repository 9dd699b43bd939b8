import { open, stat } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { open as openZip, validateFileName, type Entry, type ZipFile } from "yauzl";

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
    known.delete(old);
  }
  try {
    return await archive;
  } catch (cause) {
    known.delete(key);
    throw cause;
  }
}

async function readDirectory(path: string): Promise<Archive> {
  const file = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, decodeStrings: false } as const;
    openZip(path, options, (error, found) => {
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
  return {
    members,
    refused,
    read: (member, limitBytes) => readMember(path, member, limitBytes),
  };
}

/** Names are bytes; those that say so, or can be, are UTF-8, others Latin-1: told apart, they stay different. */
function nameOf({ fileName }: Entry): string {
  const raw = fileName as unknown as Buffer; // with decodeStrings off it is one
  const text = raw.toString("utf8");
  return (text.includes("\ufffd") ? raw.toString("latin1") : text).replaceAll("\\", "/");
}

const localHeaderBytes = 30;
const localHeaderMark = 0x04034b50;
const stored = 0;
const deflated = 8;

/** Thrown where a member's bytes are not what the directory says of them. */
export class DamagedMember extends Error {
  override readonly name = "DamagedMember";
  readonly code = "EBADMSG";
}

/**
 * The first `limitBytes` of a member; unpacking stops there, whatever follows. A whole member is held against its
 * check sum. (yauzl reads the directory only: a stream of its that is left early ends the process.)
 */
async function readMember(
  path: string,
  { entry, bytes }: Member,
  limitBytes: number,
): Promise<Uint8Array> {
  const { compressionMethod: method, compressedSize, relativeOffsetOfLocalHeader: at } = entry;
  if (method !== stored && method !== deflated) throw new DamagedMember(`method ${method}`);
  await using handle = await open(path, "r");
  const header = Buffer.alloc(localHeaderBytes);
  await handle.read(header, 0, localHeaderBytes, at);
  if (header.readUInt32LE(0) !== localHeaderMark) throw new DamagedMember("local header");
  const start = at + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const wanted = Math.min(bytes, limitBytes);
  const packed = handle.createReadStream({
    start,
    end: start + Math.max(0, compressedSize - 1),
    autoClose: false,
  });
  const unpacked = method === stored ? packed : packed.pipe(createInflateRaw());
  packed.on("error", (cause) => unpacked.destroy(cause));
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    if (wanted > 0)
      for await (const piece of unpacked) {
        pieces.push(piece as Buffer); // no encoding is set
        length += (piece as Buffer).length;
        if (length >= wanted) break;
      }
  } catch (cause) {
    throw new DamagedMember("pixels", { cause });
  } finally {
    unpacked.destroy();
    packed.destroy();
  }
  const whole = Buffer.concat(pieces).subarray(0, wanted);
  const isWrong = wanted === bytes && (length !== bytes || crc32(whole) !== entry.crc32);
  if (isWrong) throw new DamagedMember("check sum");
  return whole;
}
