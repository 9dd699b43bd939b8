import { join } from "node:path";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { AnnotationRow, Annotations, Mark } from "./annotations.ts";
import { inParallel } from "./in-parallel.ts";
import { baseName, stemOf, type FileIndex } from "./matching.ts";
import { defineReader } from "./reader.ts";
import { readHead, readSmallText, UnreadableText } from "./text.ts";
import { foreignFormat } from "./unsupported.ts";
import { all, numberAt, readXml, textAt } from "./xml.ts";

/**
 * Pascal VOC: an XML file per image, boxes in pixels counted from 1 with both ends inside. One file, a folder of them,
 * or a whole VOC folder, whose ImageSets then name the parts of the dataset.
 */
export const pascalVocReader = defineReader({
  id: "pascal-voc",
  label: "Pascal VOC",
  recognises({ kind, extension, files }) {
    if (kind === "file") return extension === ".xml";
    const xml = files.filter(isXml);
    return xml.length > 0 && (xml.some(isInAnnotations) || xml.length * 2 >= files.length);
  },
  async read({ kind, path, files }, { index, signal }): Promise<Annotations> {
    const xml = kind === "file" ? [path] : vocFiles(files).map((file) => join(path, file));
    const foreign = foreignFormat(await readHead(xml[0] ?? ""), ".xml");
    if (foreign) fail("dataset/unsupported-format", { file: xml[0] ?? path, format: foreign });
    const splits = await readImageSets(path, files);
    let damaged = 0;
    const rows = await inParallel(xml, 16, async (file): Promise<AnnotationRow | null> => {
      signal?.throwIfAborted();
      try {
        return await readVoc(file, index, splits);
      } catch (cause) {
        if (!(cause instanceof UnreadableText) || xml.length === 1) throw cause;
        damaged++;
        return null;
      }
    });
    const read = rows.filter((row) => row !== null);
    if (read.length === 0) throw new UnreadableText("none of its XML files can be read");
    const notes = damaged > 0 ? [message("intake.note.voc-damaged", { n: damaged })] : [];
    return { format: "Pascal VOC", rows: read, classes: null, columns: [], notes };
  },
});

const isXml = (file: string) => file.toLowerCase().endsWith(".xml");
const isInAnnotations = (file: string) => /(^|\/)annotations\//i.test(file);

function vocFiles(files: readonly string[]): string[] {
  const xml = files.filter(isXml);
  const named = xml.filter(isInAnnotations);
  return named.length > 0 ? named : xml;
}

async function readVoc(
  path: string,
  index: FileIndex,
  splits: ReadonlyMap<string, string>,
): Promise<AnnotationRow> {
  const document = await readXml(path);
  const [annotation] = all(document, "annotation");
  if (annotation === undefined) throw new UnreadableText("it is no Pascal VOC annotation");
  const own = stemOf(baseName(path.replaceAll("\\", "/")));
  // Tools that rename pictures often leave the old name inside; the XML file's own name is then right.
  const written = textAt(annotation, "filename");
  const file = written !== "" && index.find(written).kind === "one" ? written : own;
  const width = numberAt(annotation, "size", "width");
  const height = numberAt(annotation, "size", "height");
  const objects = all(annotation, "object");
  const marks = objects.flatMap(boxOf);
  return {
    row: null,
    file,
    labels: [
      ...new Set(objects.map((object) => textAt(object, "name")).filter((name) => name !== "")),
    ],
    split: splits.get(own) ?? null,
    group: null,
    facets: {},
    marks:
      marks.length === 0
        ? null
        : {
            kind: "drawn",
            statedPx: width > 0 && height > 0 ? { width, height } : null,
            unit: "px",
            marks,
          },
  };
}

function boxOf(object: unknown): Mark[] {
  const [xmin = NaN, ymin = NaN, xmax = NaN, ymax = NaN] = ["xmin", "ymin", "xmax", "ymax"].map(
    (name) => numberAt(object, "bndbox", name),
  );
  const [x, y] = [Math.max(0, xmin - 1), Math.max(0, ymin - 1)];
  if (!(xmax > x && ymax > y)) return [];
  const label = textAt(object, "name") || null;
  return [{ label, drawn: { kind: "rect", x, y, w: xmax - x, h: ymax - y } }];
}

/** Stem → part of the dataset, from ImageSets/Main/train.txt and its like. */
async function readImageSets(path: string, files: readonly string[]): Promise<Map<string, string>> {
  const splits = new Map<string, string>();
  for (const file of files) {
    const split = /(^|\/)ImageSets\/Main\/(train|val|test)\.txt$/i.exec(file)?.[2];
    if (!split) continue;
    for (const line of (await readSmallText(join(path, file))).split(/\r?\n/)) {
      const [stem = ""] = line.trim().split(/\s+/);
      if (stem !== "") splits.set(stem, split.toLowerCase());
    }
  }
  return splits;
}
