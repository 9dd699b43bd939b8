import { regionKinds } from "../../../shared/domain/review.ts";
import { maskOfShapes } from "../../../shared/geometry/coverage.ts";
import { areaOfPolygon } from "../../../shared/geometry/polygon.ts";
import { countsOfMask, encodeCounts } from "../../../shared/geometry/rle.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import {
  sizedItems,
  textFile,
  type AnnotatedItem,
  type Exported,
  type SizedItem,
} from "./annotated.ts";
import { boxOnPicture, ellipseCorners, ringsOf } from "./outlines.ts";

/**
 * COCO (https://cocodataset.org/#format-data): the region's kind is the category; a box is a `bbox`, an outline a polygon, an
 * outline with holes compressed run lengths. What the format has no place for stands under the key `hansight`.
 */
export function cocoOf(items: readonly AnnotatedItem[]): Exported {
  const { sized, regionsLeftOut } = sizedItems(items);
  const counts = { ellipses: 0, holes: 0, outside: 0 };
  const annotations: object[] = [];
  for (const item of sized)
    for (const region of item.regions) {
      const drawn = drawnOf(item, region.shape);
      if (!drawn) {
        counts.outside++;
        continue;
      }
      if (region.shape.kind === "ellipse") counts.ellipses++;
      if (region.shape.kind === "polygon" && region.shape.rings.length > 1) counts.holes++;
      annotations.push({
        id: annotations.length + 1,
        image_id: item.no,
        category_id: regionKinds.indexOf(region.kind) + 1,
        ...drawn,
        hansight: { region: region.id, shape: region.shape.kind },
      });
    }
  const coco = {
    images: items.map(({ no, name, width, height, label, verdict, reasons, findings }) => ({
      id: no,
      file_name: name,
      width,
      height,
      hansight: { label, verdict, reasons, findings },
    })),
    categories: regionKinds.map((name, i) => ({ id: i + 1, name })),
    annotations,
  };
  const losses: string[] = [];
  if (counts.ellipses > 0)
    losses.push(
      message("export.loss.coco-ellipses", { n: counts.ellipses, corners: ellipseCorners }),
    );
  if (counts.holes > 0) losses.push(message("export.loss.coco-holes", { n: counts.holes }));
  if (counts.outside > 0) losses.push(message("export.loss.outside", { n: counts.outside }));
  if (regionsLeftOut > 0) losses.push(message("export.loss.no-size", { n: regionsLeftOut }));
  return { files: [textFile("annotations.json", `${JSON.stringify(coco)}\n`)], losses };
}

function drawnOf({ width, height }: SizedItem, shape: AnnotatedItem["regions"][number]["shape"]) {
  const box = boxOnPicture(shape);
  if (!box) return null;
  const bbox = [box.x * width, box.y * height, box.w * width, box.h * height].map(rounded);
  if (shape.kind === "rect")
    return { bbox, segmentation: [], area: rounded(box.w * width * box.h * height), iscrowd: 0 };
  const rings = ringsOf(shape).map((ring) =>
    ring.map((value, i) => rounded(value * (i % 2 === 0 ? width : height))),
  );
  if (rings.length === 1)
    return { bbox, segmentation: rings, area: rounded(areaOfPolygon({ rings })), iscrowd: 0 };
  const fractions = { kind: "polygon" as const, rings: ringsOf(shape) };
  const mask = maskOfShapes([fractions], width, height);
  const runs = countsOfMask(mask);
  return {
    bbox,
    segmentation: { size: [height, width], counts: encodeCounts(runs) },
    area: runs.reduce((sum, run, i) => (i % 2 === 1 ? sum + run : sum), 0),
    iscrowd: 1,
  };
}

/** A thousandth of a pixel is finer than anybody draws. */
const rounded = (px: number) => Math.round(px * 1000) / 1000;
