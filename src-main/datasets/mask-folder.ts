import { basename, join } from "node:path";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { EvidenceSources, FoundEvidence } from "./evidence-sources.ts";
import { inParallel } from "./in-parallel.ts";
import { isImageName } from "./listing.ts";
import { baseName, indexFiles, stemOf } from "./matching.ts";
import { withoutMaskEnding } from "./mask-layout.ts";
import type { Source } from "./reader.ts";
import { readers } from "./registry.ts";
import { vocIgnore } from "./voc-palette.ts";

/** Whether an evidence source is a folder of mask pictures. */
export function isMaskFolder(source: Source): boolean {
  return (
    source.kind === "folder" &&
    source.files.some(isImageName) &&
    !readers.some((reader) => reader.recognises(source))
  );
}

/** Images come here by their stems, which end like no picture however they end. */
const noName = () => false;

/**
 * Masks by relative path without extension, then by a stem that is unique on both sides; "x_mask" and its kin count as
 * masks of "x" where nothing is called like the image itself. null where no mask belongs to an image.
 */
export async function readMaskFolder(
  source: Source,
  { listing, signal }: EvidenceSources,
): Promise<FoundEvidence | null> {
  // One folder may hold both: what is an image of the dataset is nobody's mask.
  const own = new Set(listing.images.map((image) => image.absolutePath));
  const masks = source.files
    .filter(isImageName)
    .filter((file) => !own.has(join(source.path, file)));
  const images = listing.images.map((image) => stemOf(image.path));
  const plain = await indexFiles(masks, source.path, noName);
  const named = await indexFiles(
    masks.map((mask) => withoutMaskEnding(stemOf(mask)) + ".png"),
    source.path,
    noName,
  );
  const byPath = new Map(masks.map((mask, at) => [stemOf(mask), at]));
  const imageStems = new Map<string, number>();
  for (const image of images) {
    const stem = baseName(image);
    imageStems.set(stem, (imageStems.get(stem) ?? 0) + 1);
  }
  const used = new Set<string>();
  const chosen = images.map((image): string | null => {
    const found = [plain.find(image), named.find(image)].find((match) => match.kind === "one");
    const at = byPath.get(image) ?? (found?.kind === "one" ? found.at : null);
    const mask = at === null ? undefined : masks[at];
    if (mask === undefined) return null;
    const stem = stemOf(mask);
    const isSurelyIts =
      imageStems.get(baseName(image)) === 1 || stem === image || image.endsWith("/" + stem);
    if (!isSurelyIts) return null;
    used.add(mask);
    return mask;
  });
  if (used.size === 0) return null;
  const ignores = new Map<string, Promise<readonly number[]>>();
  const found = await inParallel(chosen, 16, async (mask): Promise<EvidenceSource | null> => {
    signal?.throwIfAborted();
    if (!mask) return null;
    const path = join(source.path, mask);
    const folder = mask.slice(0, -baseName(mask).length);
    const ignore = ignores.get(folder) ?? vocIgnore(path);
    ignores.set(folder, ignore);
    return { kind: "mask-file", path, ignore: await ignore };
  });
  const n = found.filter((one) => one !== null).length;
  const notes = [
    message("intake.note.masks", { n, total: images.length, file: basename(source.path) }),
  ];
  if (found.some((one) => one?.kind === "mask-file" && one.ignore.length > 0)) {
    notes.push(message("intake.note.masks-voc"));
  }
  const unmatchedRows = masks
    .filter((mask) => !used.has(mask))
    .map((file) => ({ source: "evidence" as const, row: null, file, why: "absent" as const }));
  if (unmatchedRows.length > 0) {
    notes.push(message("intake.note.masks-unused", { n: unmatchedRows.length }));
  }
  return { found, unmatchedRows, notes };
}
