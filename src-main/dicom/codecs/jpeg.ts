import { Damage } from "../damage.ts";
import type { Photometric, PixelLayout } from "../facts.ts";
import { defineCodec, type CodedFrame } from "./codec.ts";
import { checkEnd } from "./codestream-end.ts";
import { decodeDctJpeg } from "./jpeg-dct.ts";
import { decodeLosslessJpeg } from "./jpeg-lossless.ts";
import { headSegments, readFrameHeader, startsWith, type FrameHeader } from "./jpeg-markers.ts";
import { checkSize, converted, samplesOf } from "./samples.ts";
import { decodeByWasm } from "./wasm.ts";

/**
 * JPEG baseline, extended, progressive and lossless. The codestream, not the transfer syntax, says which: files mix
 * them up. Colours are given as coded, and `photometric` says what they are.
 */
export const jpeg = defineCodec({
  id: "jpeg",
  label: "JPEG",
  syntaxes: [50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 70].map(
    (number) => `1.2.840.10008.1.2.4.${number}`,
  ),
  async decode(bytes, layout) {
    const header = readFrameHeader(bytes);
    checkSize(header, layout);
    const photometric = colourOf(header, layout);
    const values = await valuesOf(bytes, header, layout);
    return { values, photometric };
  },
});

async function valuesOf(
  bytes: Uint8Array,
  header: FrameHeader,
  layout: PixelLayout,
): Promise<CodedFrame["values"]> {
  const isSigned = false;
  if (header.kind === "lossless")
    return converted(decodeLosslessJpeg(bytes), { ...header, isSigned }, layout);
  if (header.kind !== "huffman-dct") throw new Damage("bad-pixels");
  if (header.bitsPerSample !== 8)
    return converted(decodeDctJpeg(bytes), { ...header, isSigned }, layout);
  checkEnd(bytes);
  const { bytes: decoded, frame } = await decodeByWasm(
    "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs",
    "JPEGDecoder",
    header.componentCount === 3 ? withoutColour(bytes) : bytes,
  );
  return samplesOf(decoded, frame, layout);
}

/**
 * libjpeg turns colours as its markers say, DICOM as the header does, and the two disagree in real files. An Adobe
 * marker "no transform", and no JFIF marker beside it, makes libjpeg leave them alone.
 */
function withoutColour(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from([0xff, 0xd8]), adobeWithoutTransform];
  let rest = 2;
  for (const { marker, at, body, end } of headSegments(bytes)) {
    const isColour =
      (marker === 0xe0 && startsWith(body, "JFIF")) ||
      (marker === 0xee && startsWith(body, "Adobe"));
    if (!isColour) parts.push(bytes.subarray(at, end));
    rest = end;
  }
  return Buffer.concat([...parts, bytes.subarray(rest)]);
}

const adobeWithoutTransform = Buffer.from([
  0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0,
]);

/** What the coded colours are: the file's own colour mark first, then the DICOM header. */
function colourOf(header: FrameHeader, { photometric, samplesPerPixel }: PixelLayout): Photometric {
  if (samplesPerPixel === 1) return photometric;
  if (header.kind === "lossless") return photometric;
  const { adobeTransform, componentIds } = header;
  if (adobeTransform === 0) return "RGB";
  if (adobeTransform === 1) return "YBR_FULL";
  if (componentIds.join() === "82,71,66") return "RGB"; // "R", "G", "B"
  if (photometric !== "RGB") return "YBR_FULL";
  return header.hasJfif ? "YBR_FULL" : "RGB";
}
