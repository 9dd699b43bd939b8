import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import { positivePart } from "../../shared/heatmap/regions.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { inputSize, prepareInto } from "../../src-main/engine/images/prepare.ts";
import { demoClasses, demoFolder, demoPreparation } from "./demo-findings.ts";

/** What one method's maps hold of the planted marker. */
export interface MarkerHeat {
  /** Per picture the share of heat inside the marker's box over the box's share of the picture; 1: no more than anywhere. */
  readonly lifts: number[];
  /** Pictures whose hottest cell touches the box. */
  hits: number;
}

/** Input side of the demo models, and of the pictures that the boxes are drawn on. */
const [side, drawnPx] = [160, 320];
const truth = join(import.meta.dirname, "../corpus/demo/planted-truth.csv");

/**
 * Heat of each method on the marker, over every n-th sample picture that carries one and is called consolidation: maps of the
 * predicted class.
 */
export async function markerHeat(
  session: TapSession,
  ids: readonly MethodId[],
  every = 1,
): Promise<readonly MarkerHeat[]> {
  const marked = readFileSync(truth, "utf8")
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => row.split(","))
    .filter(([, , marker]) => marker === "1")
    .filter((_, i) => i % every === 0);
  const preparation = demoPreparation(side, side);
  const [, h, w] = session.tap.grid;
  const found: MarkerHeat[] = ids.map(() => ({ lifts: [], hits: 0 }));
  for (const [file, , , , , , box] of marked) {
    const image = join(demoFolder, "images", file);
    const input = new Float32Array(inputSize(preparation));
    prepareInto(await decodeImage(image), preparation, input, basename(image));
    const [{ maps, target }] = await explainBatch({
      session,
      methods: ids.map(methodById),
      images: { dims: [1, 1, side, side], data: input },
      layout: "NCHW",
      target: { kind: "predicted" },
      labels: [null],
    });
    if (target !== demoClasses.indexOf("consolidation")) continue;
    const covered = coverage(
      box.split(" ").map((value) => Number(value) / drawnPx),
      [h, w],
    );
    const area = covered.reduce((sum, share) => sum + share, 0) / (h * w);
    maps.forEach(({ map }, i) => {
      const heat = positivePart(fromZero(map, methods[ids[i]].zero) ?? []);
      const total = heat.reduce((sum, value) => sum + value, 0);
      const inside = heat.reduce((sum, value, p) => sum + value * covered[p], 0);
      found[i].lifts.push(total > 0 ? inside / total / area : 0);
      if (total > 0 && covered[heat.indexOf(Math.max(...heat))] > 0) found[i].hits += 1;
    });
  }
  return found;
}

/** Share of each cell that a box `x y w h` in fractions of the picture covers. */
function coverage(
  [x, y, width, height]: readonly number[],
  [rows, columns]: readonly [number, number],
): number[] {
  const overlap = (cell: number, cells: number, from: number, size: number) =>
    Math.max(0, Math.min((cell + 1) / cells, from + size) - Math.max(cell / cells, from)) * cells;
  return Array.from(
    { length: rows * columns },
    (_, p) =>
      overlap(Math.floor(p / columns), rows, y, height) * overlap(p % columns, columns, x, width),
  );
}
