import type { Preparation } from "../../../shared/domain/preparation.ts";
import { pictureFile, type PicturePath } from "../../../shared/domain/picture-path.ts";
import { basename } from "node:path";
import { decodeImage } from "./decode.ts";
import { prepare } from "./prepare.ts";
import { fromPixels } from "./scaled.ts";

/** What the model is given, turned back into a picture: the preparation as a person can check it. */
export async function preparedPicture(
  path: PicturePath,
  preparation: Preparation,
): Promise<Uint8Array> {
  const { input } = prepare(
    await decodeImage(path, undefined, preparation.window),
    preparation,
    basename(pictureFile(path).file),
  );
  const { widthPx, heightPx, channels, layout, mean, std, scale } = preparation;
  const count = channels === "grey" ? 1 : 3;
  const plane = widthPx * heightPx;
  const data = new Uint8Array(plane * count);
  for (let c = 0; c < count; c++) {
    const to = channels === "bgr" ? 2 - c : c;
    for (let i = 0; i < plane; i++) {
      const value = input[layout === "NCHW" ? c * plane + i : i * count + c];
      const x = Math.round((value * std[c] + mean[c]) * scale);
      data[i * count + to] = Math.min(255, Math.max(0, x));
    }
  }
  return fromPixels({ widthPx, heightPx, channels: count, data })
    .toColourspace(count === 1 ? "b-w" : "srgb")
    .png()
    .toBuffer();
}
