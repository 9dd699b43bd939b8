import { stemOf } from "./matching.ts";

/**
 * Pictures that are masks by the folder they lie in: "masks" beside "images", VOC's SegmentationClass beside
 * JPEGImages. Only a folder of pictures beside it makes a folder of masks, so that a class may be called "masks".
 */
export interface MaskLayout {
  /** Whether the path at this place is a mask. */
  readonly isMask: readonly boolean[];
  /** Folders whose files are named like the images, below the dataset's folder. */
  readonly maskFolders: readonly string[];
}

const pictureFolders = new Set("images image imgs img jpegimages pictures photos".split(" "));
const maskFolders = new Set("masks segmentationclass segmentations".split(" "));
const otherFolders = new Set("segmentationobject annotations scribbles ground_truth".split(" "));

const maskEndings = /[ ._-](mask|masks|seg|segmentation|label|labels|gt)$/i;

/** A mask's stem less the ending that says it is one. */
export function withoutMaskEnding(stem: string): string {
  return stem.replace(maskEndings, "");
}

/**
 * Tells masks from images by the paths alone. Everything below `evidenceFolder` is a mask; where that is "", the
 * dataset's own folder, "x_mask" is one beside "x".
 */
export function findMasks(paths: readonly string[], evidenceFolder: string | null): MaskLayout {
  const parents = new Set<string>();
  for (const path of paths) {
    for (const { parent, name } of foldersOf(path)) {
      if (pictureFolders.has(name)) parents.add(parent);
    }
  }
  const found = new Set<string>();
  const stems = new Set(evidenceFolder === "" ? paths.map(stemOf) : []);
  const isMask = paths.map((path) => {
    const plain = withoutMaskEnding(stemOf(path));
    if (evidenceFolder === "") return plain !== stemOf(path) && stems.has(plain);
    if (evidenceFolder !== null && path.startsWith(evidenceFolder + "/")) return true;
    for (const { parent, name, folder } of foldersOf(path)) {
      if (!parents.has(parent)) continue;
      if (maskFolders.has(name)) found.add(folder);
      if (maskFolders.has(name) || otherFolders.has(name)) return true;
    }
    return false;
  });
  return { isMask, maskFolders: [...found] };
}

function foldersOf(path: string) {
  const parts = path.split("/").slice(0, -1);
  return parts.map((part, at) => ({
    parent: parts.slice(0, at).join("/"),
    folder: parts.slice(0, at + 1).join("/"),
    name: part.toLowerCase(),
  }));
}
