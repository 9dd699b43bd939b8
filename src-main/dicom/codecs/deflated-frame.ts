import { inflateRawSync } from "node:zlib";
import { Damage } from "../damage.ts";
import { DataSet } from "../data-set.ts";
import { readingOf } from "../reading.ts";
import { countOf, defineCodec } from "./codec.ts";
import { uncompressedFrame } from "./uncompressed.ts";

/** Deflated image frames: each frame deflated by itself, its bits as in an uncompressed little-endian file. */
export const deflatedFrame = defineCodec({
  id: "deflated-frame",
  label: "deflated frames",
  syntaxes: ["1.2.840.10008.1.2.8.1"],
  decode(bytes, layout) {
    const wanted = Math.ceil((countOf(layout) * layout.bitsAllocated) / 8);
    const inflated = inflate(bytes, wanted + 1); // one byte of padding
    const element = {
      tag: 0x7fe00010,
      vr: "OW",
      at: 0,
      length: inflated.length,
      isCut: false,
      items: null,
      fragments: null,
    };
    const dataSet = new DataSet(readingOf(inflated, true, false), new Map());
    return uncompressedFrame(dataSet, element, { ...layout, frames: 1 }, 0);
  },
});

function inflate(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength });
  } catch (cause) {
    throw new Damage("inflate", { cause });
  }
}
