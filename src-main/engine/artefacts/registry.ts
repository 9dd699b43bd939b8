import type { ArtefactName, Detector } from "./detector.ts";
import { ink } from "./ink.ts";
import { padding } from "./padding.ts";
import { ruler } from "./ruler.ts";
import { text } from "./text.ts";
import { toWorkingImage, type Pixels } from "./working-image.ts";

/** Every detector, in the order in which reasons name what they find. */
export const detectors: readonly Detector[] = [text, ruler, ink, padding];

/** What was found on one picture: masks on the working picture, which is `factor` times smaller. */
export interface Artefacts {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
  readonly masks: Readonly<Partial<Record<ArtefactName, Uint8Array>>>;
}

/** Runs the detectors on a decoded picture, less those that the audit has switched off. */
export function detectArtefacts(image: Pixels, off: readonly ArtefactName[] = []): Artefacts {
  const small = toWorkingImage(image);
  const masks: Partial<Record<ArtefactName, Uint8Array>> = {};
  for (const { name, detect } of detectors) {
    const mask = off.includes(name) ? null : detect(small);
    if (mask) masks[name] = mask;
  }
  return { width: small.width, height: small.height, factor: small.factor, masks };
}
