import type { Cover } from "../../shared/domain/identity.ts";
import { detectArtefacts } from "./artefacts/registry.ts";
import { covered } from "./images/cover.ts";
import { decodeImage, type DecodedImage } from "./images/decode.ts";

/** A file's picture at full size with its covered parts black; where nobody answered, text is sought and covered too. */
export async function coveredFile(path: string, cover: Cover): Promise<DecodedImage> {
  const image = await decodeImage(path);
  if (!cover.isGuess) return covered(image, cover, null);
  const { masks, width, height, factor } = detectArtefacts(image, notText);
  return covered(image, cover, masks.text ? { mask: masks.text, width, height, factor } : null);
}

const notText = ["padding", "ink", "ruler"] as const;
