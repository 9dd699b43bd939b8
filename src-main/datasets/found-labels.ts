import { join } from "node:path";
import { AppError, explainError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { labelsFromFolders } from "./image-folder.ts";
import { readLabels, type Labelled, type LabelSources } from "./labels.ts";
import { extensionOf, type Listing, type ListingOptions } from "./listing.ts";
import type { Source } from "./reader.ts";
import { foreignLayout } from "./unsupported.ts";
import { openSource } from "./source.ts";

/**
 * Labels when none were given: the folders' names. Where they say nothing, the one annotation source that lies in the
 * folder is read, and said so; of several none is chosen.
 */
export async function findLabels(
  listing: Listing,
  sources: Omit<LabelSources, "source"> & ListingOptions,
): Promise<Labelled> {
  const all = [...listing.images.map((image) => image.path), ...listing.others];
  const foreign = foreignLayout(all);
  // Its folders would make classes of masks and defects alike.
  if (foreign === "MVTec")
    fail("dataset/unsupported-format", { file: listing.folder, format: foreign });
  // Folders of a disc are patients and series: never labels.
  const named = listing.images.map(({ path, isDicom }) => (isDicom ? "" : path));
  const byFolders = labelsFromFolders(named);
  if (byFolders.found.some((label) => label && label.labels.length > 0)) return byFolders;
  const note = (words: string): Labelled => ({ ...byFolders, notes: [...byFolders.notes, words] });
  if (foreign) return note(message("intake.note.found-foreign", { format: foreign }));

  const found = annotationsIn(listing.others);
  const names = found.map(({ name }) => name).join(", ");
  const [only] = found;
  if (!only) return byFolders;
  if (found.length > 1) return note(message("intake.note.found-several", { names }));
  try {
    const source = await only.open(listing, all);
    const labelled = await readLabels({ ...sources, source });
    return {
      ...labelled,
      notes: [message("intake.note.found-labels", { names }), ...labelled.notes],
    };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return note(message("intake.note.found-unusable", { why: explainError(cause).what }));
  }
}

interface Found {
  readonly name: string;
  open(listing: Listing, all: readonly string[]): Promise<Source>;
}

function annotationsIn(others: readonly string[]): Found[] {
  const found: Found[] = [];
  const whole = (name: string, files: (all: readonly string[]) => readonly string[]): Found => ({
    name,
    open: (listing, all) => {
      const kind = "folder" as const;
      const [path, shownPath] = [listing.folder, name];
      return Promise.resolve({ kind, path, shownPath, extension: "", head: "", files: files(all) });
    },
  });
  const has = (pattern: RegExp) => others.find((path) => pattern.test(path));
  const coco = others.filter((path) => /(^|\/)_?(instances|annotations)[^/]*\.json$/i.test(path));
  if (coco.length > 0) found.push(whole(coco.join(", "), () => coco));
  const voc = others.filter((path) => /(^|\/)annotations\/.*\.xml$/i.test(path));
  if (voc.length > 0) found.push(whole("Annotations/*.xml", (all) => all));
  const yolo = has(/(^|\/)[^/]*data[^/]*\.ya?ml$|\.names$/i) ?? has(/(^|\/)labels\/.*\.txt$/i);
  if (yolo) found.push(whole(yolo, (all) => all));
  for (const path of others.filter((one) => [".csv", ".tsv"].includes(extensionOf(one)))) {
    found.push({
      name: path,
      open: async (listing) => {
        const source = await openSource(join(listing.folder, path), "labels");
        return { ...source, shownPath: path };
      },
    });
  }
  return found;
}
