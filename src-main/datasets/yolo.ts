import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { message } from "../../shared/messages/catalogue.ts";
import type { AnnotationRow, Annotations, Mark } from "./annotations.ts";
import { namesIn, namesOf, parseYamlSafely, readClassFile } from "./class-file.ts";
import { inParallel } from "./in-parallel.ts";
import { isImageName, listFolder } from "./listing.ts";
import { baseName, stemOf, type FileIndex } from "./matching.ts";
import { defineReader } from "./reader.ts";
import { readSmallText, UnreadableText } from "./text.ts";

/**
 * YOLO: a text file per image with one line per object, `class cx cy w h` or `class x1 y1 x2 y2 x3 y3 …` in fractions;
 * class names from `data.yaml`, `obj.names` or `classes.txt`, in or above the folder.
 */
export const yoloReader = defineReader({
  id: "yolo",
  label: "YOLO",
  recognises({ kind, path, extension, files }) {
    if (kind === "file")
      return [".yaml", ".yml", ".names"].includes(extension) || isClassList(path);
    const pictures = files.filter(isImageName).length;
    const texts = files.filter(isLabelFile).length;
    return texts > 0 && (files.some(isNameFile) || texts * 2 >= pictures);
  },
  async read({ kind, path }, { index, signal }): Promise<Annotations> {
    const folder = kind === "file" ? dirname(path) : path;
    const names = kind === "file" ? await readNames(path) : await findNames(folder);
    const { others } = await listFolder(folder, { signal });
    const texts = others.filter(isLabelFile);
    const counts = { objects: 0, damaged: 0, nameless: 0 };
    const rows = await inParallel(texts, 16, async (text): Promise<AnnotationRow> => {
      signal?.throwIfAborted();
      const lines = (await readSmallText(join(folder, text))).split(/\r?\n/);
      const marks = lines
        .filter((line) => line.trim() !== "")
        .flatMap((line) => {
          const mark = readLine(line, names);
          if (!mark) counts.damaged++;
          else counts.objects++;
          return mark ? [mark] : [];
        });
      counts.nameless += names
        ? marks.filter(({ label }) => !names.includes(label ?? "")).length
        : 0;
      return {
        row: null,
        file: imageOf(text, index),
        labels: [...new Set(marks.map((mark) => mark.label ?? ""))],
        split: null,
        group: null,
        facets: {},
        marks: marks.length > 0 ? { kind: "drawn", statedPx: null, unit: "fraction", marks } : null,
      };
    });
    if (counts.objects === 0) throw new UnreadableText("no line in its folder is a YOLO object");
    const notes = names ? [] : [message("intake.note.yolo-nameless")];
    if (counts.damaged > 0) notes.push(message("intake.note.yolo-damaged", { n: counts.damaged }));
    if (counts.nameless > 0)
      notes.push(message("intake.note.yolo-unnamed", { n: counts.nameless }));
    return { format: "YOLO", rows, classes: names, columns: [], notes };
  },
});

const isNameFile = (file: string) =>
  /(^|[\\/])([^\\/]*\.names|classes\.txt|[^\\/]*data[^\\/]*\.ya?ml)$/i.test(file);
const isClassList = (file: string) => basename(file).toLowerCase() === "classes.txt";

/** Texts that are lists or notes, not labels of an image. */
const isLabelFile = (file: string) =>
  /\.txt$/i.test(file) &&
  !/^(classes|train|val|valid|test|trainval|readme.*|license.*|notice.*|labels)\.txt$/i.test(
    baseName(file),
  );

async function readNames(path: string): Promise<string[] | null> {
  const extension = extname(path).toLowerCase();
  if (extension !== ".yaml" && extension !== ".yml") return readClassFile(path);
  return namesOf(namesIn(parseYamlSafely(await readSmallText(path))));
}

/** Names in the folder or the one above it. */
async function findNames(folder: string): Promise<string[] | null> {
  for (const place of [folder, dirname(folder)]) {
    const files = await readdir(place).catch(() => []); // the folder above may not be readable
    const found = files.filter(isNameFile).sort()[0];
    if (found) return readNames(join(place, found));
  }
  return null;
}

/** The image of a label file: under "images" where the text is under "labels", else of the same stem. */
function imageOf(text: string, index: FileIndex): string {
  const stem = stemOf(text);
  const swapped = stem.replace(/(^|\/)labels\/(?!.*(^|\/)labels\/)/i, "$1images/");
  return [swapped, stem, baseName(stem)].find((name) => index.find(name).kind === "one") ?? swapped;
}

function readLine(line: string, names: readonly string[] | null): Mark | null {
  const [no = NaN, ...values] = line.trim().split(/\s+/).map(Number);
  if (!Number.isInteger(no) || no < 0 || !values.every((value) => value >= -0.5 && value <= 1.5))
    return null;
  const label = names?.[no] ?? String(no);
  if (values.length === 4) {
    const [cx = 0, cy = 0, w = 0, h = 0] = values;
    if (!(w > 0 && h > 0)) return null;
    return { label, drawn: { kind: "rect", x: cx - w / 2, y: cy - h / 2, w, h } };
  }
  if (values.length < 6 || values.length % 2 === 1) return null;
  return { label, drawn: { kind: "polygon", rings: [values] } };
}
