import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { methodIds, methods, type MethodId } from "../../shared/domain/methods.ts";
import { positivePart } from "../../shared/heatmap/regions.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { inputSize, prepareInto } from "../../src-main/engine/images/prepare.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { demoClasses, demoFolder, demoModel, demoPreparation } from "../support/demo-findings.ts";
import { plantedRanking } from "../support/planted-ranking.ts";

/**
 * Whether maps see the planted marker: of the sample pictures that carry one and are called consolidation, the median share of
 * heat inside the marker's box over the box's share of the picture (1: no more than anywhere), and how many have their hottest
 * cell touch the box; then the planted pictures among the most suspicious of all.
 *
 *     npx node test/bench/planted-marker.ts [model.onnx [method …]]
 */
const [side, drawnPx] = [160, 320];
const [path = demoModel, ...named] = process.argv.slice(2);
const wanted: readonly string[] = named.length ? named : ["grad-cam"];
const ids = methodIds.filter((id): id is MethodId => wanted.includes(id));

const truth = join(import.meta.dirname, "../corpus/demo/planted-truth.csv");
const marked = readFileSync(truth, "utf8")
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((row) => row.split(","))
  .filter(([, , marker]) => marker === "1");
const preparation = demoPreparation(side, side);
const model = await openModel(path, { widthPx: side, heightPx: side });
const session = await model.open(null);
const [, h, w] = session.tap.grid;
const found = ids.map(() => ({ lifts: [] as number[], hits: 0 }));

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
  const covered = coverage(box.split(" ").map((value) => Number(value) / drawnPx));
  const area = covered.reduce((sum, share) => sum + share, 0) / (h * w);
  maps.forEach(({ map }, i) => {
    const heat = positivePart(fromZero(map, methods[ids[i]].zero) ?? []);
    const total = heat.reduce((sum, value) => sum + value, 0);
    const inside = heat.reduce((sum, value, p) => sum + value * covered[p], 0);
    found[i].lifts.push(total > 0 ? inside / total / area : 0);
    if (total > 0 && covered[heat.indexOf(Math.max(...heat))] > 0) found[i].hits += 1;
  });
}
await Promise.all([session.close(), model.close()]);

for (const [i, id] of ids.entries()) {
  const { lifts, hits } = found[i];
  const median = lifts.toSorted((a, b) => a - b)[Math.floor(lifts.length / 2)];
  const ranking = await plantedRanking(path, id);
  const among = [20, 40].map((n) => ranking.slice(0, n).filter(Boolean).length).join(" / ");
  console.log(
    `${methods[id].label}: lift ${median.toFixed(2)}, hottest ${hits} of ${lifts.length}, planted among the first 20 / 40: ${among}`,
  );
}

/** Share of each cell that a box `x y w h` in fractions of the picture covers. */
function coverage([x, y, width, height]: readonly number[]): number[] {
  const overlap = (cell: number, cells: number, from: number, size: number) =>
    Math.max(0, Math.min((cell + 1) / cells, from + size) - Math.max(cell / cells, from)) * cells;
  return Array.from(
    { length: h * w },
    (_, p) => overlap(Math.floor(p / w), h, y, height) * overlap(p % w, w, x, width),
  );
}
