import { Damage } from "../damage.ts";
import type { PixelLayout } from "../facts.ts";
import { defineCodec, type CodedFrame } from "./codec.ts";
import { checkEnd } from "./codestream-end.ts";
import { checkSize, samplesOf } from "./samples.ts";
import { decodeByWasm } from "./wasm.ts";

/** JPEG 2000 by OpenJPEG, and its high-throughput form by OpenJPH. Both undo their own colour transform. */
export const jpeg2000 = defineCodec({
  id: "jpeg-2000",
  label: "JPEG 2000",
  syntaxes: ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"],
  decode: (bytes, layout) => decode(bytes, layout),
});

export const htJpeg2000 = defineCodec({
  id: "ht-jpeg-2000",
  label: "HT-JPEG 2000",
  syntaxes: ["1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"],
  decode: (bytes, layout) => decode(bytes, layout),
});

/** What the SIZ marker states. */
export interface CodestreamHeader {
  readonly width: number;
  readonly height: number;
  readonly componentCount: number;
  readonly bitsPerSample: number;
  readonly isSigned: boolean;
  /** Whether blocks are coded in the high-throughput way. */
  readonly isHighThroughput: boolean;
}

async function decode(bytes: Uint8Array, layout: PixelLayout): Promise<CodedFrame> {
  const codestream = bytes.subarray(startOf(bytes));
  const header = readHeader(codestream);
  checkEnd(codestream);
  checkSize(header, layout); // before anything is unpacked: a header may claim any size
  const [name, decoder] = header.isHighThroughput
    ? ["@cornerstonejs/codec-openjph/wasmjs", "HTJ2KDecoder"]
    : ["@cornerstonejs/codec-openjpeg/decodewasmjs", "J2KDecoder"];
  const { bytes: decoded, frame } = await decodeByWasm(name, decoder, codestream);
  const values = samplesOf(decoded, { ...frame, isSigned: header.isSigned }, layout);
  const isOwn = layout.photometric === "YBR_RCT" || layout.photometric === "YBR_ICT";
  return { values, photometric: isOwn ? "RGB" : layout.photometric };
}

/** Where the codestream starts: some files wrap it in a JP2 box. */
function startOf(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 65_536));
  const at = buffer.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
  if (at < 0) throw new Damage("bad-pixels");
  return at;
}

/** Reads SIZ, and whether a CAP marker announces high throughput. */
export function readHeader(bytes: Uint8Array): CodestreamHeader {
  if (bytes.length < 44) throw new Damage("truncated");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [
    view.getUint32(8) - view.getUint32(16),
    view.getUint32(12) - view.getUint32(20),
  ];
  const componentCount = view.getUint16(40);
  const precision = view.getUint8(42);
  const afterSiz = 4 + view.getUint16(4);
  const isHighThroughput = bytes[afterSiz] === 0xff && bytes[afterSiz + 1] === 0x50;
  return {
    width,
    height,
    componentCount,
    bitsPerSample: (precision & 0x7f) + 1,
    isSigned: precision > 127,
    isHighThroughput,
  };
}
