import { join } from "node:path";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { decodeCounts } from "../../shared/geometry/rle.ts";
import type { AnnotationRow, Annotations, Mark } from "./annotations.ts";
import { readJsonLists } from "./json-lists.ts";
import type { FileIndex } from "./matching.ts";
import { defineReader, type ReadContext } from "./reader.ts";
import { polygonsOf } from "./rings.ts";
import { UnreadableText } from "./text.ts";

/**
 * COCO JSON: images without annotation stay items without a label; an image's label is its only category, else it has
 * several. Ids may be of any type and are compared as text. Read twice, so that only annotations of listed images are
 * ever held.
 */
export const cocoReader = defineReader({
  id: "coco",
  label: "COCO",
  recognises: ({ kind, extension, files }) =>
    kind === "file" ? extension === ".json" : cocoFiles(files).length > 0,
  async read({ kind, path, files }, context): Promise<Annotations> {
    const chosen = kind === "file" ? [path] : cocoFiles(files).map((file) => join(path, file));
    if (chosen.length > 1 && !chosen.every(isInstances)) {
      const names = chosen.map((file) => file.slice(path.length + 1)).join(", ");
      throw new UnreadableText(`it holds several files and none says which is meant: ${names}`);
    }
    const parts: Annotations[] = [];
    for (const file of chosen) parts.push(await readCoco(file, context));
    return {
      format: "COCO",
      rows: parts.flatMap((part) => part.rows),
      classes: [...new Set(parts.flatMap((part) => part.classes ?? []))],
      columns: [],
      notes: parts.flatMap((part) => part.notes),
    };
  },
});

const isInstances = (file: string) => /(^|[\\/])_?instances[^\\/]*\.json$/i.test(file);

/** In a folder: its instance files, else every JSON file. */
function cocoFiles(files: readonly string[]): string[] {
  const json = files.filter((file) => file.toLowerCase().endsWith(".json"));
  const instances = json.filter(isInstances);
  return instances.length > 0 ? instances : json;
}

interface CocoImage {
  readonly row: number;
  readonly file: string;
  readonly isListed: boolean;
  readonly statedPx: { readonly width: number; readonly height: number } | null;
  readonly labels: Set<string>;
  readonly marks: Mark[];
}

async function readCoco(path: string, { index, signal }: ReadContext): Promise<Annotations> {
  const categories = new Map<string, string>();
  const images = new Map<string, CocoImage>();
  const keys = await readJsonLists(
    path,
    ["images", "categories"],
    (list, entry) => {
      if (list === "images") addImage(images, entry, index);
      else addCategory(categories, entry);
    },
    signal,
  );
  if (!keys.includes("images"))
    throw new UnreadableText("it has no list of images, as COCO files have");

  const counts = { annotations: 0, orphans: 0, nameless: 0, damaged: 0 };
  const take = (_: string, entry: unknown) => {
    counts.annotations++;
    if (!isRecord(entry)) {
      counts.damaged++;
      return;
    }
    if ("segments_info" in entry)
      fail("dataset/unsupported-format", { file: path, format: "COCO panoptic" });
    const image = images.get(textOf(entry["image_id"]));
    if (!image) counts.orphans++;
    if (!image?.isListed) return;
    const category = categories.get(textOf(entry["category_id"]));
    if (category === undefined) counts.nameless++;
    else image.labels.add(category);
    const marks = marksOf(entry, category ?? null);
    if (marks) image.marks.push(...marks);
    else counts.damaged++;
  };
  await readJsonLists(path, ["annotations"], take, signal);
  if (categories.size === 0) throw new UnreadableText("it names no categories");

  const rows = [...images.values()].map((image): AnnotationRow => {
    const { row, file, statedPx, labels, marks } = image;
    return {
      row,
      file,
      labels: [...labels],
      split: null,
      group: null,
      facets: {},
      marks: marks.length > 0 ? { kind: "drawn", statedPx, unit: "px", marks } : null,
    };
  });
  const notes: string[] = [];
  for (const what of ["orphans", "nameless", "damaged"] as const) {
    if (counts[what] > 0) notes.push(message(`intake.note.coco-${what}`, { n: counts[what] }));
  }
  return { format: "COCO", rows, classes: [...categories.values()], columns: [], notes };
}

function addImage(images: Map<string, CocoImage>, entry: unknown, index: FileIndex): void {
  if (!isRecord(entry) || typeof entry["file_name"] !== "string") return;
  const [width, height] = [entry["width"], entry["height"]].map(sizeOf);
  images.set(textOf(entry["id"]), {
    row: images.size + 1,
    file: entry["file_name"],
    isListed: index.find(entry["file_name"]).kind === "one",
    statedPx: width && height ? { width, height } : null,
    labels: new Set(),
    marks: [],
  });
}

function addCategory(categories: Map<string, string>, entry: unknown): void {
  if (!isRecord(entry)) return;
  const name = entry["name"];
  if (typeof name === "string" || typeof name === "number") {
    categories.set(textOf(entry["id"]), String(name));
  }
}

/** Run lengths, polygons or the box of one annotation; null where it has something that is none of them. */
function marksOf(entry: Readonly<Record<string, unknown>>, label: string | null): Mark[] | null {
  const { segmentation, bbox } = entry;
  if (isRecord(segmentation)) {
    const drawn = runLengths(segmentation);
    return drawn && [{ label, drawn }];
  }
  const rings = Array.isArray(segmentation) ? segmentation.filter(isRing) : [];
  if (rings.length > 0) {
    return polygonsOf(rings).map((own) => ({ label, drawn: { kind: "polygon", rings: own } }));
  }
  if (bbox === undefined || bbox === null) return [];
  if (!isNumbers(bbox) || bbox.length !== 4) return null;
  const [x = 0, y = 0, w = 0, h = 0] = bbox;
  return w > 0 && h > 0 ? [{ label, drawn: { kind: "rect", x, y, w, h } }] : null;
}

function runLengths({ counts, size }: Readonly<Record<string, unknown>>) {
  if (!isNumbers(size)) return null;
  const [height, width] = size;
  const decoded =
    typeof counts === "string" ? decodeCounts(counts) : isNumbers(counts) ? counts : null;
  if (width === undefined || height === undefined || !decoded) return null;
  return { kind: "rle" as const, width, height, counts: decoded };
}

function isRing(value: unknown): value is number[] {
  return isNumbers(value) && value.length >= 6 && value.length % 2 === 0;
}

function isNumbers(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const sizeOf = (value: unknown) =>
  typeof value === "number" && value > 0 && value < 1e6 ? value : null;

/** An id of any type as text: 7, "7" and 7.0 are one. */
function textOf(id: unknown): string {
  return typeof id === "string" ? id : (JSON.stringify(id) ?? "");
}
