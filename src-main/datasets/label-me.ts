import { join } from "node:path";
import { message } from "../../shared/messages/catalogue.ts";
import type { AnnotationRow, Annotations, Mark } from "./annotations.ts";
import { cocoReader } from "./coco.ts";
import { inParallel } from "./in-parallel.ts";
import { isImageName } from "./listing.ts";
import { baseName, stemOf, type FileIndex } from "./matching.ts";
import { defineReader } from "./reader.ts";
import { readHead, readSmallText, UnreadableText } from "./text.ts";

/**
 * LabelMe JSON (https://github.com/wkentaro/labelme): a file per image, its `shapes` in pixels from the upper left corner.
 * A rectangle is two corners, a circle its centre and a point of its edge; points and lines cover nothing and are left out.
 */
export const labelMeReader = defineReader({
  id: "labelme",
  label: "LabelMe",
  recognises: ({ kind, head, extension, files }) =>
    kind === "file" ? extension === ".json" && isLabelMe(head) : isFolderOfThem(files),
  async read(source, context): Promise<Annotations> {
    const { kind, path, files } = source;
    const chosen = kind === "file" ? [path] : files.filter(isJson).map((file) => join(path, file));
    if (!isLabelMe(await readHead(chosen[0] ?? ""))) return cocoReader.read(source, context);
    const counts = { damaged: 0, open: 0 };
    const rows = await inParallel(chosen, 16, async (file): Promise<AnnotationRow | null> => {
      context.signal?.throwIfAborted();
      try {
        return rowOf(file, await readSmallText(file), context.index, counts);
      } catch (cause) {
        if (!(cause instanceof UnreadableText) || chosen.length === 1) throw cause;
        counts.damaged++;
        return null;
      }
    });
    const read = rows.filter((row) => row !== null);
    if (read.length === 0) throw new UnreadableText("none of its JSON files can be read");
    const notes: string[] = [];
    if (counts.damaged > 0)
      notes.push(message("intake.note.labelme-damaged", { n: counts.damaged }));
    if (counts.open > 0) notes.push(message("intake.note.labelme-open", { n: counts.open }));
    return { format: "LabelMe", rows: read, classes: null, columns: [], notes };
  },
});

const isJson = (file: string) => file.toLowerCase().endsWith(".json");

/** By its first bytes; a picture written into the file may push the rest far behind. */
function isLabelMe(head: string): boolean {
  return /"shapes"\s*:/.test(head) && /"(imagePath|imageHeight|imageData|flags)"\s*:/.test(head);
}

/** JSON files that are named like the pictures beside them. */
function isFolderOfThem(files: readonly string[]): boolean {
  const pictures = new Set(files.filter(isImageName).map(stemOf));
  const json = files.filter(isJson);
  return json.length > 0 && json.every((file) => pictures.has(file.slice(0, -".json".length)));
}

function rowOf(
  path: string,
  text: string,
  index: FileIndex,
  counts: { open: number },
): AnnotationRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableText("it is not JSON", { cause });
  }
  const { shapes, imagePath, imageWidth: width, imageHeight: height } = recordOf(parsed);
  if (!Array.isArray(shapes)) throw new UnreadableText("it has no list of shapes");
  const marks = shapes.flatMap((shape: unknown) => {
    const mark = markOf(recordOf(shape));
    if (!mark) counts.open++;
    return mark ? [mark] : [];
  });
  const own = stemOf(baseName(path.replaceAll("\\", "/")));
  const written = typeof imagePath === "string" ? imagePath.replaceAll("\\", "/") : "";
  const isSized = typeof width === "number" && typeof height === "number";
  return {
    row: null,
    file: written !== "" && index.find(written).kind === "one" ? written : own,
    labels: [...new Set(marks.flatMap(({ label }) => label ?? []))],
    split: null,
    group: null,
    facets: {},
    marks:
      marks.length === 0
        ? null
        : {
            kind: "drawn",
            statedPx: isSized && width > 0 && height > 0 ? { width, height } : null,
            unit: "px",
            marks,
          },
  };
}

function markOf({ label, points, shape_type: type }: Readonly<Record<string, unknown>>) {
  if (!Array.isArray(points) || !points.every(isPoint)) return null;
  const drawn = drawnOf(points, typeof type === "string" ? type : "polygon");
  return drawn && ({ label: typeof label === "string" ? label : null, drawn } satisfies Mark);
}

type Point = readonly [x: number, y: number];

function drawnOf(points: readonly Point[], type: string): Mark["drawn"] | null {
  const [a, b] = points;
  if (type === "rectangle" && a && b && points.length === 2) {
    const [x, y] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
    const [w, h] = [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
    return w > 0 && h > 0 ? { kind: "rect", x, y, w, h } : null;
  }
  if (type === "circle" && a && b) {
    const radius = Math.hypot(a[0] - b[0], a[1] - b[1]);
    const corners = Array.from({ length: 64 }, (_, i) => (2 * Math.PI * i) / 64);
    const ring = corners.flatMap((angle) => [
      a[0] + radius * Math.cos(angle),
      a[1] + radius * Math.sin(angle),
    ]);
    return radius > 0 ? { kind: "polygon", rings: [ring] } : null;
  }
  if (type !== "polygon" || points.length < 3) return null;
  return { kind: "polygon", rings: [points.flat()] };
}

function isPoint(value: unknown): value is Point {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((one) => typeof one === "number" && Number.isFinite(one))
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // only looked into
}
