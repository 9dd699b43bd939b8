import { basename } from "node:path";
import { pictureFile, type PicturePath } from "../../shared/domain/picture-path.ts";
import type { Preparation, SeenArea } from "../../shared/domain/preparation.ts";
import { detectArtefacts, type Artefacts } from "./artefacts/registry.ts";
import { hashAndDecode } from "./images/decode.ts";
import { averageGreyOf } from "./images/picture.ts";
import { inputSize, prepareInto } from "./images/prepare.ts";

/** One picture as a run needs it: the model's input, and what is known of the picture. */
export interface ReadPicture {
  readonly sha256: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly averageGrey: number;
  /** EXIF orientation that decoding applied. */
  readonly orientation: number;
  readonly seen: SeenArea;
  readonly artefacts: Artefacts;
  readonly input: Float32Array<ArrayBuffer>;
}

/** Reads, hashes, decodes and prepares one picture, and looks for artefacts. Throws the catalogue's `image/…`. */
export async function readPicture(
  path: PicturePath,
  preparation: Preparation,
): Promise<ReadPicture> {
  const image = await hashAndDecode(path, preparation.window);
  const input = new Float32Array(inputSize(preparation));
  const seen = prepareInto(image, preparation, input, basename(pictureFile(path).file));
  return {
    sha256: image.sha256,
    widthPx: image.widthPx,
    heightPx: image.heightPx,
    averageGrey: averageGreyOf(image),
    orientation: image.orientation,
    seen,
    artefacts: detectArtefacts(image),
    input,
  };
}
