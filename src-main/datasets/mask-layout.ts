import { folderOf, stemOf } from "./matching.ts";

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
  const folders = new Map<string, FolderPart[]>();
  for (const path of paths) {
    const folder = folderOf(path);
    if (!folders.has(folder)) folders.set(folder, partsOf(folder));
  }
  const parents = new Set<string>();
  for (const part of [...folders.values()].flat()) {
    if (pictureFolders.has(part.name)) parents.add(part.parent);
  }
  const found = new Set<string>();
  const maskParts = new Set<string>();
  for (const [folder, parts] of folders) {
    if (evidenceFolder && (folder + "/").startsWith(evidenceFolder + "/")) maskParts.add(folder);
    for (const { parent, name, path } of parts) {
      if (!parents.has(parent)) continue;
      if (maskFolders.has(name)) found.add(path);
      if (maskFolders.has(name) || otherFolders.has(name)) maskParts.add(folder);
    }
  }
  const stems = new Set(evidenceFolder === "" ? paths.map(stemOf) : []);
  const isMask = paths.map((path) => {
    if (evidenceFolder !== "") return maskParts.has(folderOf(path));
    const plain = withoutMaskEnding(stemOf(path));
    return plain !== stemOf(path) && stems.has(plain);
  });
  return { isMask, maskFolders: [...found] };
}

interface FolderPart {
  readonly parent: string;
  readonly path: string;
  /** In lower case. */
  readonly name: string;
}

function partsOf(folder: string): FolderPart[] {
  const parts = folder === "" ? [] : folder.split("/");
  return parts.map((part, at) => ({
    parent: parts.slice(0, at).join("/"),
    path: parts.slice(0, at + 1).join("/"),
    name: part.toLowerCase(),
  }));
}
