import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";

/** One file of an archive. */
interface Entry {
  readonly name: string;
  /** 0: as it is; 8: deflated. */
  readonly method: number;
  readonly packedBytes: number;
  readonly headerAt: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const largestEnd = 2 ** 16 + 22;
const entryBytes = 46;
const localBytes = 30;

/** Unpacks those files of a wheel (a ZIP archive) that `isWanted` names, below `folder`. Returns how many. */
export async function unpackWheel(
  wheel: string,
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<number> {
  const handle = await open(wheel, "r");
  try {
    const entries = (await listEntries(handle)).filter(({ name }) => isWanted(name));
    for (const entry of entries) {
      const target = join(folder, entry.name);
      if (!target.startsWith(folder + sep) || entry.name.endsWith("/")) continue;
      mkdirSync(dirname(target), { recursive: true });
      const start = entry.headerAt + localBytes + (await localExtra(handle, entry.headerAt));
      const packed = createReadStream(wheel, {
        start,
        end: start + Math.max(0, entry.packedBytes - 1),
      });
      const file = createWriteStream(target);
      if (entry.method === 0) await pipeline(packed, file);
      else await pipeline(packed, createInflateRaw(), file);
    }
    return entries.length;
  } finally {
    await handle.close();
  }
}

async function listEntries(handle: FileHandle): Promise<Entry[]> {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - largestEnd), Math.min(size, largestEnd));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw new RangeError("it is no wheel");
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; at + entryBytes <= directory.length;) {
    if (directory.readUInt32LE(at) !== entrySignature)
      throw new RangeError("it is a damaged wheel");
    const nameBytes = directory.readUInt16LE(at + 28);
    const others = directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    entries.push({
      name: directory.toString("utf8", at + entryBytes, at + entryBytes + nameBytes),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      headerAt: directory.readUInt32LE(at + 42),
    });
    at += entryBytes + nameBytes + others;
  }
  return entries;
}

/** Name and extra field in front of a file's own bytes; they may differ from the directory's. */
async function localExtra(handle: FileHandle, at: number): Promise<number> {
  const header = await readAt(handle, at, localBytes);
  return header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
