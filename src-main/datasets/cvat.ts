import { join } from "node:path";
import { message } from "../../shared/messages/catalogue.ts";
import type { AnnotationRow, Annotations, Mark } from "./annotations.ts";
import { defineReader } from "./reader.ts";
import { UnreadableText } from "./text.ts";
import { all, at, numberAt, readXml, textAt } from "./xml.ts";

/**
 * CVAT for images 1.1 (https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/): one XML file, boxes, polygons and tags
 * as attributes in pixels from the upper left corner. Tracks of a video, points and lines are counted and left out.
 */
export const cvatReader = defineReader({
  id: "cvat",
  label: "CVAT",
  recognises: ({ kind, extension, head, files }) =>
    kind === "file" ? extension === ".xml" && isCvat(head) : hasOnlyAnnotations(files),
  async read({ kind, path }): Promise<Annotations> {
    const file = kind === "file" ? path : join(path, "annotations.xml");
    const [root] = all(await readXml(file, "with-attributes"), "annotations");
    if (root === undefined) throw new UnreadableText("it is no CVAT export");
    const images = all(root, "image");
    if (images.length === 0)
      throw new UnreadableText("it names no images, as CVAT for images does");
    let leftOut = all(root, "track").length;
    const rows = images.map((image, i): AnnotationRow => {
      const marks = [...all(image, "box").map(boxOf), ...all(image, "polygon").map(polygonOf)];
      const sound = marks.filter((mark) => mark !== null);
      leftOut += marks.length - sound.length;
      for (const kind of ["polyline", "points", "cuboid", "skeleton", "mask", "ellipse"])
        leftOut += all(image, kind).length;
      const tags = all(image, "tag").map((tag) => textAt(tag, "@label"));
      const [width, height] = [numberAt(image, "@width"), numberAt(image, "@height")];
      const labels = [...tags, ...sound.map(({ label }) => label ?? "")];
      return {
        row: i + 1,
        file: textAt(image, "@name"),
        labels: [...new Set(labels.filter((label) => label !== ""))],
        split: textAt(image, "@subset").toLowerCase() || null,
        group: null,
        facets: {},
        marks:
          sound.length === 0
            ? null
            : {
                kind: "drawn",
                statedPx: width > 0 && height > 0 ? { width, height } : null,
                unit: "px",
                marks: sound,
              },
      };
    });
    const task = at(root, "meta", "task") ?? at(root, "meta", "project");
    const names = all(at(task, "labels"), "label").map((label) => textAt(label, "name"));
    const classes = names.filter((name) => name !== "");
    const notes = leftOut > 0 ? [message("intake.note.cvat-left-out", { n: leftOut })] : [];
    return {
      format: "CVAT",
      rows,
      classes: classes.length > 0 ? classes : null,
      columns: [],
      notes,
    };
  },
});

function isCvat(head: string): boolean {
  return /<annotations[\s>]/.test(head) && /<(meta|image|track|version)[\s>]/.test(head);
}

/** An export as CVAT packs it: one XML file beside a folder of pictures. */
function hasOnlyAnnotations(files: readonly string[]): boolean {
  const xml = files.filter((file) => file.toLowerCase().endsWith(".xml"));
  return xml.length === 1 && xml[0] === "annotations.xml";
}

function boxOf(box: unknown): Mark | null {
  const [x, y, right, bottom] = ["@xtl", "@ytl", "@xbr", "@ybr"].map((name) => numberAt(box, name));
  const isSound = [x, y, right, bottom].every(Number.isFinite) && right > x && bottom > y;
  if (!isSound) return null;
  return { label: labelOf(box), drawn: { kind: "rect", x, y, w: right - x, h: bottom - y } };
}

function polygonOf(polygon: unknown): Mark | null {
  const ring = textAt(polygon, "@points")
    .split(";")
    .flatMap((point) => point.split(",").map(Number));
  if (ring.length < 6 || ring.length % 2 === 1 || !ring.every(Number.isFinite)) return null;
  return { label: labelOf(polygon), drawn: { kind: "polygon", rings: [ring] } };
}

const labelOf = (shape: unknown) => textAt(shape, "@label") || null;
