/**
 * `npx node test/bench/recam.ts`: what a post-hoc second head changes on the sample set. On the pictures with a drawn finding,
 * class = label, against plain CAM: share of heat inside the finding, background marked at recall .7, overlap of the maps of the
 * label's class and of the best other class (sum of minima over sum of maxima), each with a 95 % bootstrap interval of the paired
 * difference. Learnt from all 240 pictures, so these are explanations of the same pictures, no scores.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { enlargeSmooth } from "../../shared/heatmap/enlarge.ts";
import { headMixes, type Fitted } from "../../shared/domain/fit.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { gradCam } from "../../src-main/engine/cam/grad-cam.ts";
import { reCam } from "../../src-main/engine/cam/recam.ts";
import { fitBatch } from "../../src-main/engine/cam/fit.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { prepare } from "../../src-main/engine/images/prepare.ts";
import { stackInputs } from "../../src-main/engine/input-batch.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import {
  demoClasses,
  demoFindings,
  demoFolder,
  demoModel,
  demoPreparation,
} from "../support/demo-findings.ts";
import { meanInterval } from "../support/paired-interval.ts";
import { pixelCurve } from "./pixel-curves.ts";

const side = 160;
const model = await openModel(demoModel, { threads: 2 });
const { heightPx, widthPx } = model.description.input;
const preparation = demoPreparation(widthPx ?? 320, heightPx ?? 320);
const session = await model.open(null);
const [k, h, w] = session.tap.grid;

const fit = reCam.fit;
if (!fit) throw new Error("ReCAM learns nothing");
const rows = readFileSync(join(demoFolder, "labels.csv"), "utf8").trim().split("\n").slice(1);
const cache = { items: [] as number[], labels: [] as number[], values: [] as number[] };
for (const [no, row] of rows.entries()) {
  const [file, label] = row.split(",");
  const { input } = prepare(await decodeImage(join(demoFolder, "images", file)), preparation, file);
  const [{ vectors }] = await fitBatch({
    session,
    fit,
    images: stackInputs([input], preparation),
    layout: preparation.layout,
    labels: [[demoClasses.indexOf(label)]],
  });
  for (const vector of vectors) {
    cache.items.push(no);
    cache.labels.push(vector.label);
    cache.values.push(...vector.values);
  }
}
const solved = fit.solve(
  {
    k,
    items: Int32Array.from(cache.items),
    labels: Int32Array.from(cache.labels),
    values: Float32Array.from(cache.values),
    outputs: demoClasses.length,
    headWeights: session.head.weights,
    seed: 1,
    source: "labels",
    itemsRead: rows.length,
    empty: 0,
    failed: 0,
  },
  { classes: null, mix: null },
);
const { heldOut, base, penalty } = solved.facts;
console.log(
  `held out: ${heldOut.right} of ${heldOut.n}, the model's own head ${base?.right}; penalty ${penalty}`,
);

const findings = await demoFindings(preparation, side);
const say = (values: readonly number[]) => {
  const { mean, low, high } = meanInterval(values);
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
};

interface Figures {
  readonly inside: number[];
  readonly falsePositives: number[];
  readonly overlap: number[];
}

/** Positive maps `[n]` of every class for one picture. */
async function mapsOf(input: Float32Array, fitted: Fitted | null): Promise<Float32Array[]> {
  const maps: Float32Array[] = [];
  for (const index of demoClasses.keys()) {
    const [one] = await explainBatch({
      session,
      methods: [fitted ? reCam : gradCam],
      images: stackInputs([input], preparation),
      layout: preparation.layout,
      target: { kind: "class", index },
      labels: [null],
      fitted,
    });
    const map = one.maps[0].map ?? new Float32Array(h * w);
    maps.push(map.map((value) => Math.max(0, value)));
  }
  return maps;
}

async function figuresOf(fitted: Fitted | null): Promise<Figures> {
  const figures: Figures = { inside: [], falsePositives: [], overlap: [] };
  for (const { input, label, truth } of findings) {
    const maps = await mapsOf(input, fitted);
    const fine = enlargeSmooth(maps[label], h, w, side, side);
    let [inside, all] = [0, 0];
    fine.forEach((value, p) => {
      all += value;
      if (truth[p]) inside += value;
    });
    figures.inside.push(all > 0 ? inside / all : 0);
    figures.falsePositives.push(pixelCurve(fine, truth).falsePositiveRateAt(0.7));
    const own = unit(maps[label]);
    const others = maps.flatMap((map, c) => (c === label ? [] : [overlap(own, unit(map))]));
    figures.overlap.push(Math.max(...others));
  }
  return figures;
}

function unit(map: Float32Array): Float32Array {
  const most = map.reduce((largest, value) => Math.max(largest, value), 0) || 1;
  return map.map((value) => value / most);
}

function overlap(a: Float32Array, b: Float32Array): number {
  let [both, either] = [0, 0];
  a.forEach((value, p) => {
    both += Math.min(value, b[p]);
    either += Math.max(value, b[p]);
  });
  return either > 0 ? both / either : 0;
}

const plain = await figuresOf(null);
const names = ["inside", "falsePositives", "overlap"] as const;
for (const name of names) console.log(`CAM ${name}: ${say(plain[name])}`);
for (const mix of headMixes) {
  const made = await figuresOf({ ...solved, facts: { ...solved.facts, mix } });
  for (const name of names)
    console.log(
      `${mix} ${name}: ${say(made[name])}, difference ${say(made[name].map((v, i) => v - plain[name][i]))}`,
    );
}
await session.close();
await model.close();
