import { Damage } from "../damage.ts";
import { defineCodec } from "./codec.ts";
import { readFrameHeader } from "./jpeg-markers.ts";
import { checkSize, samplesOf } from "./samples.ts";
import { interleaved } from "./uncompressed.ts";
import { decodeByWasm } from "./wasm.ts";

/** JPEG-LS, lossless and near-lossless, by CharLS; colour in each of its three orders. */
export const jpegLs = defineCodec({
  id: "jpeg-ls",
  label: "JPEG-LS",
  syntaxes: ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"],
  async decode(bytes, layout) {
    const header = readFrameHeader(bytes);
    if (header.kind !== "jpeg-ls") throw new Damage("bad-pixels");
    checkSize(header, layout);
    const { bytes: decoded, frame } = await decodeByWasm(
      "@cornerstonejs/codec-charls/decodewasmjs",
      "JpegLSDecoder",
      bytes,
    );
    const values = samplesOf(decoded, frame, layout);
    // Colours coded plane by plane come out so.
    const isPlanar = header.scanComponents === 1;
    return {
      values: isPlanar ? interleaved(values, layout) : values,
      photometric: layout.photometric,
    };
  },
});
