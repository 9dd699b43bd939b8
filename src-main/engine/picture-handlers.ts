import { pictureFile } from "../../shared/domain/picture-path.ts";
import { toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { hashFile } from "./images/file.ts";
import { evidencePicture } from "./images/evidence.ts";
import { writeNpy } from "./images/npy.ts";
import { overlayWithLegend } from "./images/overlay.ts";
import { picture } from "./images/picture.ts";
import { coveredFile } from "./covered-file.ts";
import { plate } from "./images/plate.ts";
import { preparedPicture } from "./images/prepared.ts";
import { probeImage } from "./images/probe.ts";
import type { EngineRequests } from "./protocol.ts";

type PictureRequest =
  "picture" | "prepared" | "probe" | "evidence" | "plate" | "overlay" | "npy" | "hash";
type PictureHandlers = {
  [Name in PictureRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** What both engine processes answer: decoding and drawing. */
export function pictureHandlers(): PictureHandlers {
  return {
    picture: async ({ path, size, cover }) =>
      picture(cover ? await coveredFile(path, cover) : path, size),
    prepared: async ({ path, preparation }) => ({
      bytes: await preparedPicture(path, preparation),
    }),
    probe: async ({ path }) => {
      const { widthPx, heightPx, format } = await probeImage(path);
      return { width: widthPx, height: heightPx, format };
    },
    evidence: async ({ path, evidence, size }) => ({
      bytes: await evidencePicture(evidence, await probeImage(path), size),
    }),
    plate: async ({ cover, ...input }) =>
      plate(input, cover ? await coveredFile(input.path, cover) : input.path),
    overlay: async (input) => ({ bytes: await overlayWithLegend(input) }),
    npy: ({ dims, values }) => Promise.resolve({ bytes: writeNpy({ dims, data: values }) }),
    hash: async ({ paths }) => {
      const hashes: (string | ErrorJson)[] = [];
      const known = new Map<string, string | ErrorJson>(); // frames of one file have one hash
      for (const path of paths) {
        const { file } = pictureFile(path);
        const hash = known.get(file) ?? (await hashFile(path).catch(toErrorJson));
        known.set(file, hash);
        hashes.push(hash);
      }
      return hashes;
    },
  };
}
