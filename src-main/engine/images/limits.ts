import { fail } from "../../../shared/errors/app-error.ts";

/**
 * Most pixels one picture may have, by its header. 200 million is a phone's largest and above any radiograph; as RGB
 * it is 600 MB once, which a process can hold. What a header claims beyond it is never unpacked.
 */
export const maxPixels = 200_000_000;

/** Most bytes one file may have before it is read at all. */
export const maxFileBytes = 1_000_000_000;

/** Refuses a picture whose header claims more than `maxPixels`. */
export function checkPixels(file: string, widthPx: number, heightPx: number): void {
  if (!(widthPx > 0 && heightPx > 0)) fail("image/unreadable", { file, why: "no-pixels" });
  if (widthPx * heightPx > maxPixels)
    fail("image/too-large", { file, width: widthPx, height: heightPx, limit: maxPixels });
}
