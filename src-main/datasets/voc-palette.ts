import { readStart } from "./file-start.ts";

/** Pascal VOC's border value, which belongs neither to a class nor to the background. */
const border = 255;

/**
 * Values to leave out of a mask: 255 where the file is a palette PNG with Pascal VOC's colours (black, 128 red,
 * 128 green, …), none otherwise.
 */
export async function vocIgnore(path: string): Promise<readonly number[]> {
  try {
    return hasVocPalette(await readStart(path, 2048)) ? [border] : [];
  } catch {
    return []; // an unreadable mask is reported when it is decoded
  }
}

const pngSignature = "\x89PNG\r\n\x1a\n";
const vocStart = [0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0];

function hasVocPalette(bytes: Buffer): boolean {
  if (bytes.toString("latin1", 0, 8) !== pngSignature) return false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString("latin1", at + 4, at + 8);
    if (kind === "PLTE") {
      return (
        length >= vocStart.length && vocStart.every((value, no) => bytes[at + 8 + no] === value)
      );
    }
    if (kind === "IDAT") return false;
    at += 12 + length;
  }
  return false;
}
