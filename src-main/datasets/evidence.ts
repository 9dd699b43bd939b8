import { realpath } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, sep } from "node:path";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Marks } from "./annotations.ts";
import { layRows } from "./labels.ts";
import { inParallel } from "./in-parallel.ts";
import { isImageName, type Listing } from "./listing.ts";
import { drawnEvidence } from "./marks.ts";
import type { EvidenceSources, FoundEvidence } from "./evidence-sources.ts";
import { isMaskFolder, readMaskFolder } from "./mask-folder.ts";
import { openSource, readSource } from "./source.ts";
import { vocIgnore } from "./voc-palette.ts";

/**
 * Evidence of every image: from its own source where one is given, else from what the labels hold, else from the one
 * folder of masks that lies beside the images.
 */
export async function readEvidence(sources: EvidenceSources): Promise<FoundEvidence> {
  const { evidence: path, labels, listing, index, labelled, maskFolders, signal } = sources;
  if (!path) {
    const marks = labelled.found.map((label) => label?.marks ?? []);
    if (marks.some((own) => own.length > 0)) {
      const { found, notes } = await resolveMarks(marks, baseOf(labels, listing.folder), sources);
      const n = found.filter((one) => one !== null).length;
      const note = message("intake.note.evidence-labels", { n, total: found.length });
      return { found, unmatchedRows: [], notes: [note, ...notes] };
    }
    const [folder] = maskFolders;
    if (maskFolders.length !== 1 || folder === undefined) {
      return { found: [], unmatchedRows: [], notes: [] };
    }
    const beside = await openSource(join(listing.folder, folder), "evidence", sources);
    return (await readMaskFolder(beside, sources)) ?? { found: [], unmatchedRows: [], notes: [] };
  }
  const source = await openSource(path, "evidence", sources);
  if (isMaskFolder(source)) {
    const masks = source.files.filter(isImageName);
    return (await readMaskFolder(source, sources)) ?? failNoMatch(path, masks, listing);
  }
  const read = await readSource(source, {
    index,
    imagePaths: listing.images.map((image) => image.path),
    needs: "evidence",
    choice: {},
    signal,
  });
  const laid = await layRows(read, index, listing.images.length, "evidence", signal);
  if (laid.unmatchedFiles.length === listing.images.length) {
    const written = read.rows.map((row) => row.file);
    failNoMatch(path, written, listing);
  }
  const marks = laid.found.map((label) => label?.marks ?? []);
  const base = source.kind === "folder" ? path : dirname(path);
  const { found, notes } = await resolveMarks(marks, base, sources);
  const n = found.filter((one) => one !== null).length;
  const total = found.length;
  const note = message("intake.note.evidence", {
    n,
    total,
    format: read.format,
    file: basename(path),
  });
  return { found, unmatchedRows: laid.unmatchedRows, notes: [note, ...notes] };
}

function failNoMatch(file: string, written: readonly string[], listing: Listing): never {
  const row = written.find((one) => one !== "") ?? "";
  const image = listing.images[0]?.path ?? "";
  const details = { rows: written.length, files: listing.images.length, row, image };
  fail("evidence/no-match", { file, ...details });
}

/** Where relative mask paths start: the label file's folder, or the label folder itself. */
function baseOf(labels: string | null | undefined, folder: string): string {
  if (!labels) return folder;
  return extname(labels) === "" ? labels : dirname(labels);
}

/** Turns what the rows state into evidence the engine can draw; what cannot be used is counted in a note. */
async function resolveMarks(
  marks: readonly (readonly Marks[])[],
  base: string,
  { listing, labelled, probe, signal, onProgress }: EvidenceSources,
) {
  const roots = [await realpath(base), listing.realFolder];
  const counts = { outside: 0, missing: 0, unusable: 0 };
  const ignores = new Map<string, Promise<readonly number[]>>();
  let done = 0;
  const resolveOne = async (no: number): Promise<EvidenceSource | null> => {
    signal?.throwIfAborted();
    if (++done % 1000 === 0) onProgress?.({ phase: "evidence", done, total: marks.length });
    const own = marks[no] ?? [];
    const mask = own.find((one) => one.kind === "mask");
    if (mask) {
      const path = await findMask(mask.path, roots, [base, listing.realFolder]);
      if (path === "outside" || path === "missing") {
        counts[path]++;
        return null;
      }
      const folder = dirname(path);
      const ignore = ignores.get(folder) ?? vocIgnore(path);
      ignores.set(folder, ignore);
      return { kind: "mask-file", path, ignore: await ignore };
    }
    const drawn = own.filter((one) => one.kind === "drawn");
    if (drawn.length === 0) return null;
    const image = listing.images[no]?.absolutePath ?? "";
    const evidence = await drawnEvidence(drawn, image, labelled.found[no]?.labels ?? [], probe);
    if (!evidence) counts.unusable++;
    return evidence;
  };
  const found = await inParallel([...marks.keys()], 16, resolveOne);
  const notes: string[] = [];
  const { outside, missing, unusable } = counts;
  if (outside > 0) notes.push(message("intake.note.evidence-outside", { n: outside }));
  if (missing > 0) notes.push(message("intake.note.evidence-missing", { n: missing }));
  if (unusable > 0) notes.push(message("intake.note.evidence-unusable", { n: unusable }));
  return { found, notes };
}

/** A mask's real path beside the source or below the images; a path out of both is never opened. */
async function findMask(written: string, roots: readonly string[], bases: readonly string[]) {
  const relative = written.trim().replaceAll("\\", "/");
  let isOutside = false;
  for (const base of isAbsolute(relative) ? [""] : bases) {
    const path = await realpath(join(base, relative)).catch(() => null);
    if (path === null) continue;
    if (roots.some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep))) return path;
    isOutside = true;
  }
  return isOutside ? "outside" : "missing";
}
