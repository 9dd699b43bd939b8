import { message } from "../../../shared/messages/catalogue.ts";
import {
  sizedItems,
  textFile,
  type AnnotatedItem,
  type Exported,
  type SizedItem,
} from "./annotated.ts";
import { FileNames } from "./file-names.ts";
import { boxOnPicture } from "./outlines.ts";

/** Pascal VOC: an XML file for each item with regions; boxes in whole pixels counted from 1, both ends inside. */
export function vocOf(items: readonly AnnotatedItem[]): Exported {
  const { sized, regionsLeftOut } = sizedItems(items);
  const drawn = sized.filter(({ regions }) => regions.length > 0);
  const names = new FileNames(".xml");
  const files = drawn.map((item) => textFile(`Annotations/${names.take(item.name)}`, xmlOf(item)));
  const shapes = drawn.flatMap(({ regions }) => regions.map(({ shape }) => shape));
  const losses: string[] = [];
  const say = (
    key: "export.loss.voc-ellipses" | "export.loss.voc-outlines" | "export.loss.outside",
    n: number,
  ) => n > 0 && losses.push(message(key, { n }));
  say("export.loss.voc-ellipses", shapes.filter(({ kind }) => kind === "ellipse").length);
  say("export.loss.voc-outlines", shapes.filter(({ kind }) => kind === "polygon").length);
  say("export.loss.outside", shapes.filter((shape) => !boxOnPicture(shape)).length);
  if (regionsLeftOut > 0) losses.push(message("export.loss.no-size", { n: regionsLeftOut }));
  const judged = items.filter(({ verdict }) => verdict !== null).length;
  if (shapes.length > 0) losses.push(message("export.loss.voc-pixels"));
  if (judged > 0) losses.push(message("export.loss.verdicts", { format: "VOC", n: judged }));
  return { files, losses };
}

function xmlOf({ name, width, height, regions }: SizedItem): string {
  const objects = regions.flatMap(({ kind, shape }) => {
    const box = boxOnPicture(shape);
    if (!box) return [];
    const left = Math.floor(near(box.x * width));
    const top = Math.floor(near(box.y * height));
    const right = Math.ceil(near((box.x + box.w) * width));
    const bottom = Math.ceil(near((box.y + box.h) * height));
    return [
      "  <object>",
      `    <name>${kind}</name>`,
      "    <pose>Unspecified</pose>",
      "    <truncated>0</truncated>",
      "    <difficult>0</difficult>",
      "    <bndbox>",
      `      <xmin>${left + 1}</xmin>`,
      `      <ymin>${top + 1}</ymin>`,
      `      <xmax>${right}</xmax>`,
      `      <ymax>${bottom}</ymax>`,
      "    </bndbox>",
      "  </object>",
    ];
  });
  return [
    "<annotation>",
    `  <filename>${escaped(name)}</filename>`,
    `  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>`,
    "  <segmented>0</segmented>",
    ...objects,
    "</annotation>",
    "",
  ].join("\n");
}

/** What binary fractions add to a whole pixel is taken off again: 0.1 × 30 is 3, not the pixel after it. */
const near = (px: number) => (Math.abs(px - Math.round(px)) < 1e-6 ? Math.round(px) : px);

const entities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
};

function escaped(text: string): string {
  // Control characters are not allowed in XML, written out or not.
  return text.replace(/[<>&"]/g, (sign) => entities[sign] ?? "").replace(/\p{Cc}/gu, "_");
}
