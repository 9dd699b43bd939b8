import type { Codec } from "./codec.ts";
import { deflatedFrame } from "./deflated-frame.ts";
import { jpeg } from "./jpeg.ts";
import { htJpeg2000, jpeg2000 } from "./jpeg-2000.ts";
import { jpegLs } from "./jpeg-ls.ts";
import { rle } from "./rle.ts";

/** Every codec of encapsulated pixels; what lies in the file as it is goes through `uncompressed.ts`. */
export const codecs: readonly Codec[] = [rle, jpeg, jpegLs, jpeg2000, htJpeg2000, deflatedFrame];

/** The codec of a transfer syntax; null where there is none. */
export function codecFor(syntax: string): Codec | null {
  return codecs.find(({ syntaxes }) => syntaxes.includes(syntax)) ?? null;
}
