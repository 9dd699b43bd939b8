import { Damage } from "../damage.ts";
import { countOf, defineCodec, integersFor } from "./codec.ts";

/**
 * RLE lossless, DICOM PS3.5 annex G: one PackBits segment for each byte plane of each colour, the high byte first.
 * After unpacking the colours always lie pixel by pixel, whatever the header's planar configuration says.
 */
export const rle = defineCodec({
  id: "rle",
  label: "RLE",
  syntaxes: ["1.2.840.10008.1.2.5"],
  decode(bytes, layout) {
    if (bytes.length < 64) throw new Damage("truncated");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { samplesPerPixel: channels } = layout;
    const width = Math.ceil(layout.bitsAllocated / 8);
    const segments = view.getUint32(0, true);
    if (segments !== channels * width) throw new Damage("bad-pixels");
    const pixels = layout.rows * layout.columns;
    const values = integersFor(layout, countOf(layout));
    const out = new Uint8Array(values.buffer);
    for (let segment = 0; segment < segments; segment++) {
      const channel = Math.floor(segment / width);
      const place = width - 1 - (segment % width); // little-endian, as typed arrays are
      const from = view.getUint32(4 + 4 * segment, true);
      const next = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : bytes.length;
      if (from < 64 || next < from) throw new Damage("bad-pixels");
      const packed = bytes.subarray(from, Math.min(next, bytes.length));
      unpack(packed, out, channel * width + place, channels * width, pixels);
    }
    return {
      values,
      photometric: layout.photometric === "YBR_FULL_422" ? "YBR_FULL" : layout.photometric,
    };
  },
});

/** Writes `count` bytes, `step` apart. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, step: number, count: number) {
  let [at, done] = [0, 0];
  while (done < count) {
    if (at >= packed.length) throw new Damage("truncated");
    const control = packed[at++];
    if (control === 128) continue;
    const isRun = control > 128;
    const length = Math.min(isRun ? 257 - control : control + 1, count - done);
    if (at + (isRun ? 1 : length) > packed.length) throw new Damage("truncated");
    for (let i = 0; i < length; i++, done++) out[first + done * step] = packed[isRun ? at : at + i];
    at += isRun ? 1 : length;
  }
}
