import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { message } from "../../shared/messages/catalogue.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { picturePath } from "../../shared/domain/picture-path.ts";
import { labelsFromAttribute, labelTagOf } from "./attribute-labels.ts";
import { clinicNotes } from "./clinic-notes.ts";
import { assignClasses, findClasses } from "./classes.ts";
import type { ColumnChoice } from "./columns.ts";
import type { Dataset, DatasetItem, Probe } from "./dataset.ts";
import { readEvidence } from "./evidence.ts";
import { findLabels } from "./found-labels.ts";
import { readLabels } from "./labels.ts";
import {
  extensionOf,
  isImageName,
  listFolder,
  type Listing,
  type ListingOptions,
} from "./listing.ts";
import { findMasks } from "./mask-layout.ts";
import { indexFiles } from "./matching.ts";
import { openSource } from "./source.ts";
import { splitOf } from "./splits.ts";
import { mayNamePeople } from "./unit-keys.ts";

export interface DatasetSources extends ListingOptions {
  readonly folder: string;
  /** A label file or folder; without it the folders' names are the labels. */
  readonly labels?: string | null | undefined;
  /** A DICOM attribute, by tag or keyword, whose value is the label. */
  readonly labelAttribute?: string | null | undefined;
  /** A file of class names, one per line in the order of the model's outputs. */
  readonly classes?: string | null | undefined;
  /** A table, an annotation file or a folder of masks; without it what the labels hold. */
  readonly evidence?: string | null | undefined;
  /** The model's file: class names are also looked for beside it. */
  readonly model?: string | null | undefined;
  /** Class names written in the model's file. */
  readonly modelClasses?: readonly string[] | null | undefined;
  /** How many outputs the model has. */
  readonly outputs?: number | null | undefined;
  /** Columns of the label table as a person overruled them. */
  readonly columns?: ColumnChoice | undefined;
  readonly probe: Probe;
}

/** Finds out what it was given: lists the folder, reads labels, class names and evidence, and says how. */
export async function readDataset(sources: DatasetSources): Promise<Dataset> {
  const { labelAttribute = null } = sources;
  const labelTag = labelAttribute === null ? null : labelTagOf(labelAttribute);
  const { listing, maskFolders, notes } = await listImages({ ...sources, labelTag });
  if (listing.images.length === 0) {
    const { others } = listing;
    const found = countExtensions(others);
    fail("dataset/empty", { folder: sources.folder, files: others.length, found });
  }
  const paths = listing.images.map((file) => file.path);
  const uids = listing.images.map(({ dicom }) => dicom?.facts.ids.reveal().instanceUid ?? null);
  const index = await indexFiles(paths, listing.realFolder, isImageName, uids);
  const { columns, signal } = sources;
  const labelled = sources.labels
    ? await readLabels({
        source: await openSource(sources.labels, "labels", sources),
        index,
        paths,
        columns,
        signal,
      })
    : labelAttribute !== null
      ? labelsFromAttribute(listing.images, labelAttribute)
      : await findLabels(listing, { ...sources, index, paths });
  const evidence = await readEvidence({ ...sources, listing, index, labelled, maskFolders });
  const found = await findClasses({
    file: sources.classes ?? null,
    model: sources.model ?? null,
    modelClasses: sources.modelClasses ?? null,
    outputs: sources.outputs ?? null,
    labels: labelled.found.flatMap((label) => label?.labels ?? []),
    declared: labelled.classes,
  });
  const classed = assignClasses(
    found.names,
    labelled.found.map((label) => label?.labels ?? []),
  );
  const isClinical = listing.images.some(({ isDicom }) => isDicom);
  const leftOut = new Set<string>();
  const kept = (facets: Readonly<Record<string, string>>) =>
    Object.entries(facets).filter(([name]) => {
      const isOut = isClinical && mayNamePeople(name);
      if (isOut) leftOut.add(name);
      return !isOut;
    });
  const items: DatasetItem[] = [];
  for (const [no, { dicom, path, absolutePath, ...file }] of listing.images.entries()) {
    const label = labelled.found[no];
    const { names = [], classNo = null } = classed.items[no] ?? {};
    const frames = dicom?.statedFrames ?? 1;
    const shared = {
      path,
      ...file,
      frames,
      label: names.length === 1 ? (names[0] ?? null) : null,
      ...(names.length > 1 ? { labels: names } : {}),
      classNo,
      split: label?.split ?? (file.isDicom ? splitOf(path) : null),
      group: label?.group ?? null,
      facets: { ...dicom?.facets, ...Object.fromEntries(kept(label?.facets ?? {})) },
      evidence: evidence.found[no] ?? null,
      ids: dicom?.facts.ids ?? null,
    };
    for (let frame = 1; frame <= (dicom?.frames ?? 1); frame++) {
      const own = frames > 1 ? frame : null;
      const absolute = picturePath(absolutePath, own);
      items.push({ no: items.length, ...shared, frame: own, absolutePath: absolute });
    }
  }
  return {
    folder: sources.folder,
    items,
    classes: found.names,
    classSource: found.source,
    notes: [
      ...listingNotes(listing),
      ...clinicNotes(listing, {
        isLabelled: labelled.found.some((one) => one?.labels.length),
        leftOut,
      }),
      ...notes,
      ...labelled.notes,
      ...found.notes,
      ...classed.notes,
      ...evidence.notes,
    ],
    unmatchedRows: [...labelled.unmatchedRows, ...evidence.unmatchedRows],
    unmatchedFiles: labelled.unmatchedFiles.map((no) => paths[no] ?? ""),
    formats: listing.formats,
    columns: labelled.columns,
  };
}

/** The listing less the pictures that are masks of others. */
async function listImages(sources: DatasetSources & ListingOptions) {
  const listing = await listFolder(sources.folder, sources);
  const evidence = sources.evidence ? await realpath(sources.evidence).catch(() => null) : null;
  const way = evidence === null ? ".." : relative(listing.realFolder, evidence);
  const isInside = way !== ".." && !way.startsWith(".." + sep) && !isAbsolute(way);
  const isFolder = isInside && extensionOf(way) === "";
  const paths = listing.images.map((image) => image.path);
  const { isMask, maskFolders } = findMasks(paths, isFolder ? way.replaceAll(sep, "/") : null);
  const images = listing.images.filter((_, no) => !isMask[no]);
  const n = paths.length - images.length;
  const notes = n > 0 ? [message("intake.note.masks-aside", { n })] : [];
  return { listing: { ...listing, images }, maskFolders, notes };
}

function listingNotes({ others: all, links, unreachable, clinic }: Listing): string[] {
  const notes: string[] = [];
  const others = all.filter((path) => !clinic.objectPaths.has(path)); // told apart by kind elsewhere
  if (others.length > 0) {
    notes.push(message("intake.note.others", { n: others.length, found: countExtensions(others) }));
  }
  if (links.followed > 0) notes.push(message("intake.note.links", { n: links.followed }));
  if (links.repeated > 0) notes.push(message("intake.note.links-repeated", { n: links.repeated }));
  if (links.refused > 0) notes.push(message("intake.note.links-refused", { n: links.refused }));
  if (unreachable.length > 0) {
    const example = unreachable[0] ?? "";
    notes.push(message("intake.note.unreachable", { n: unreachable.length, example }));
  }
  return notes;
}

/** ".raw ×12, .txt ×3": extensions by how often they occur, the first few. */
function countExtensions(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const extension = extensionOf(path) || message("intake.note.no-extension");
    counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, 6).map(([extension, n]) => `${extension} ×${n}`);
  return shown.join(", ") + (sorted.length > shown.length ? ", …" : "");
}
