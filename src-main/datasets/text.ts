import { readFile, stat } from "node:fs/promises";
import { setImmediate as breathe } from "node:timers/promises";
import { readStart } from "./file-start.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Why a text file was not read, in words that follow "Cannot read …: ". */
export class UnreadableText extends Error {
  override readonly name = "UnreadableText";
}

const largest = 512 * 2 ** 20;
const chunkBytes = 2 ** 20;

/**
 * A text file in pieces, its encoding found from the bytes: a mark first, then the zero bytes of UTF-16, then whatever
 * is valid UTF-8; what is left is Windows-1252, where every byte is a letter.
 */
export async function readText(
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly encoding: Encoding; readonly pieces: readonly string[] }> {
  const { size } = await stat(path);
  if (size > largest) throw new UnreadableText("it is larger than 512 MB");
  const bytes = await readFile(path, { signal });
  const encoding = await detectEncoding(bytes);
  const decoder = new TextDecoder(encoding);
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    pieces.push(decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: true }));
    await breathe(undefined, { signal });
  }
  pieces.push(decoder.decode());
  return { encoding, pieces };
}

/** A whole small text file, at most `limitBytes` long. */
export async function readSmallText(path: string, limitBytes = 16 * 2 ** 20): Promise<string> {
  const { size } = await stat(path);
  const limit = Math.round(limitBytes / 2 ** 20);
  if (size > limitBytes) throw new UnreadableText(`it is larger than ${limit} MB`);
  return (await readText(path)).pieces.join("");
}

/** First 64 KB of a file as text; "" where it is not text or not readable. */
export async function readHead(path: string): Promise<string> {
  try {
    const bytes = await readStart(path, 65_536);
    return new TextDecoder(await detectEncoding(bytes)).decode(bytes);
  } catch {
    return ""; // the reader that opens it will say why
  }
}

async function detectEncoding(bytes: Uint8Array): Promise<Encoding> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 4 && even < odd / 10) return "utf-16le";
  if (even > head.length / 4 && odd < even / 10) return "utf-16be";
  if (even + odd > 0) throw new UnreadableText("it is not text");
  return (await isUtf8(bytes)) ? "utf-8" : "windows-1252";
}

async function isUtf8(bytes: Uint8Array): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: true });
      await breathe();
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}
