import { readdirSync } from "node:fs";
import { join } from "node:path";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { scaleDecoded } from "../../src-main/engine/images/scaled.ts";
import { toGrey } from "../../src-main/engine/images/prepare.ts";

/** What `images.test.ts` asks a process of its own: every file of a folder, read or refused. */
export interface DecodedCorpus {
  readonly files: Readonly<
    Record<
      string,
      { readonly outcome: "read" | "refused"; readonly greys?: readonly number[] } & Record<
        string,
        unknown
      >
    >
  >;
  readonly peakBytes: number;
}

const folder = process.argv[2];
const files: Record<string, DecodedCorpus["files"][string]> = {};
for (const name of readdirSync(folder)) {
  try {
    const image = await decodeImage(join(folder, name));
    const { widthPx: width, heightPx: height, channels, frames } = image;
    const small = toGrey(await scaleDecoded(image, 8));
    files[name] = { outcome: "read", width, height, channels, frames, greys: [...small.data] };
  } catch (cause) {
    const { code, details } = toErrorJson(cause);
    files[name] = { outcome: "refused", code, ...details };
  }
}
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.send?.({ files, peakBytes } satisfies DecodedCorpus);
