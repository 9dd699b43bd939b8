import type { WorkingImage } from "./working-image.ts";

/** What a picture may carry that is no evidence. Names are stable: reasons and columns are built on them. */
export const artefactNames = ["text", "ruler", "ink", "padding"] as const;
export type ArtefactName = (typeof artefactNames)[number];

/** One detector: where its artefact lies on the working picture (255 = there), or null where it found none. */
export interface Detector {
  readonly name: ArtefactName;
  detect(image: WorkingImage): Uint8Array | null;
}

/** Names one detector. */
export function defineDetector(detector: Detector): Detector {
  return detector;
}
