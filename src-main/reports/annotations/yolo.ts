import { regionKinds, type Shape } from "../../../shared/domain/review.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { textFile, type AnnotatedItem, type Exported } from "./annotated.ts";
import { FileNames } from "./file-names.ts";
import { boxOnPicture, ringsOf } from "./outlines.ts";

/**
 * YOLO: a text file for each item with regions, `class cx cy w h` or, where the item has an outline, `class x1 y1 x2 y2 …` for
 * all of its regions: trainers read a file as either boxes or outlines, never both. `data.yaml` names the kinds.
 */
export function yoloOf(items: readonly AnnotatedItem[]): Exported {
  const names = new FileNames(".txt");
  const drawn = items.filter(({ regions }) => regions.length > 0);
  const files = drawn.map((item) => {
    const hasOutline = item.regions.some(({ shape }) => shape.kind === "polygon");
    const lines = item.regions.flatMap(({ kind, shape }) => {
      const values = hasOutline ? outline(shape) : box(shape);
      return values ? [[regionKinds.indexOf(kind), ...values.map(fraction)].join(" ")] : [];
    });
    return textFile(`labels/${names.take(item.name)}`, lines.map((line) => `${line}\n`).join(""));
  });
  const classes = regionKinds.map((kind, i) => `  ${i}: ${kind}`).join("\n");
  files.push(textFile("data.yaml", `path: .\ntrain: images\nval: images\nnames:\n${classes}\n`));

  const shapes = drawn.flatMap(({ regions }) => regions.map(({ shape }) => shape));
  const losses: string[] = [];
  const say = (
    key: "export.loss.yolo-ellipses" | "export.loss.yolo-holes" | "export.loss.outside",
    n: number,
  ) => n > 0 && losses.push(message(key, { n }));
  say("export.loss.yolo-ellipses", shapes.filter(({ kind }) => kind === "ellipse").length);
  const hasHoles = (shape: Shape) => shape.kind === "polygon" && shape.rings.length > 1;
  say("export.loss.yolo-holes", shapes.filter(hasHoles).length);
  say("export.loss.outside", shapes.filter((shape) => !boxOnPicture(shape)).length);
  const judged = items.filter(({ verdict }) => verdict !== null).length;
  if (judged > 0) losses.push(message("export.loss.verdicts", { format: "YOLO", n: judged }));
  return { files, losses };
}

function box(shape: Shape): number[] | null {
  const found = boxOnPicture(shape);
  return found && [found.x + found.w / 2, found.y + found.h / 2, found.w, found.h];
}

/** The outer ring, held to the picture; a box or an ellipse's box by its four corners. */
function outline(shape: Shape): number[] | null {
  const found = boxOnPicture(shape);
  if (!found) return null;
  const [ring = []] = shape.kind === "polygon" ? shape.rings : ringsOf({ kind: "rect", ...found });
  return ring.map((value) => Math.min(1, Math.max(0, value)));
}

/** Eight decimals: below a thousandth of a pixel at any size. */
const fraction = (value: number) => String(Number(value.toFixed(8)));
