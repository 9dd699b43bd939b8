import { Damage } from "../damage.ts";

/**
 * Refuses a codestream without its end mark, FF D9 for JPEG of every kind, padding aside: libjpeg and OpenJPEG would
 * make up what is missing, and half a picture must not pass for a whole one.
 */
export function checkEnd(bytes: Uint8Array): void {
  let end = bytes.length;
  while (end > 2 && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff || bytes[end - 1] === 0x20))
    end--;
  if (bytes[end - 2] !== 0xff || bytes[end - 1] !== 0xd9) throw new Damage("truncated");
}
