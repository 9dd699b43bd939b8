/**
 * `npx node test/bench/erasing-and-fine.ts`: do CCRM and FG-CAM do what they are for? On the demo pictures with a drawn finding,
 * class = label, beside plain Grad-CAM, maps cut at 0, enlarged and scaled to their own maximum:
 *
 *   covered     share of the finding where the map is at least half its maximum
 *   overlap     intersection over union of that region with the finding
 *   best        the same at the best of 19 thresholds, one for all pictures
 *   inside      share of the map's sum that lies in the finding
 *
 *   peaks       pictures predicted as the class of the planted marker whose greatest value lies on it
 *
 * with 95 % bootstrap intervals of the paired differences to Grad-CAM; and what CCRM cost.
 */
import { enlargeSmooth } from "../../shared/heatmap/enlarge.ts";
import { ccrm } from "../../src-main/engine/cam/ccrm.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { fgCam, fgCamDenoised } from "../../src-main/engine/cam/fg-cam.ts";
import { gradCam } from "../../src-main/engine/cam/grad-cam.ts";
import { stackInputs } from "../../src-main/engine/input-batch.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { demoMarkers, peaksIn } from "../support/demo-markers.ts";
import { demoFindings, demoModel, demoPreparation } from "../support/demo-findings.ts";
import { meanInterval } from "../support/paired-interval.ts";

const side = 160;
const methods = [gradCam, ccrm, fgCam, fgCamDenoised];
const thresholds = Array.from({ length: 19 }, (_, i) => 0.05 * (i + 1));

const model = await openModel(demoModel, { threads: 2 });
const { heightPx, widthPx } = model.description.input;
const preparation = demoPreparation(widthPx ?? side, heightPx ?? side);
const tap = process.argv[2] ?? null;
const session = await model.open(tap);
const [, h, w] = session.tap.grid;
const findings = await demoFindings(preparation, side);

const measures = methods.map(() => ({
  covered: [] as number[],
  overlap: [] as number[],
  inside: [] as number[],
  byThreshold: thresholds.map(() => [] as number[]),
}));
const rounds: number[] = [];
for (const { input, label, truth } of findings) {
  const [{ maps }] = await explainBatch({
    session,
    methods,
    images: stackInputs([input], preparation),
    layout: preparation.layout,
    target: { kind: "class", index: label },
    labels: [label],
  });
  rounds.push(maps[1].notes.rounds);
  maps.forEach(({ map }, m) => {
    const positive = (map ?? new Float32Array(h * w)).map((value) => Math.max(0, value));
    const large = enlargeSmooth(positive, h, w, side, side);
    const max = Math.max(...large, 1e-12);
    const own = measures[m];
    const at = (threshold: number) => {
      let [hit, area, inside] = [0, 0, 0];
      large.forEach((value, p) => {
        const isIn = value >= threshold * max;
        area += Number(isIn);
        inside += truth[p];
        hit += Number(isIn) * truth[p];
      });
      return { covered: hit / inside, overlap: hit / (area + inside - hit) };
    };
    own.covered.push(at(0.5).covered);
    own.overlap.push(at(0.5).overlap);
    thresholds.forEach((threshold, i) => own.byThreshold[i].push(at(threshold).overlap));
    const total = large.reduce((sum, value) => sum + value, 0);
    const within = large.reduce((sum, value, p) => sum + value * truth[p], 0);
    own.inside.push(total > 0 ? within / total : 0);
  });
}
const peaks = methods.map(() => 0);
let marked = 0;
for (const { input, box01 } of await demoMarkers(preparation)) {
  const [{ maps, target }] = await explainBatch({
    session,
    methods,
    images: stackInputs([input], preparation),
    layout: preparation.layout,
    target: { kind: "predicted" },
    labels: [null],
  });
  if (target !== 1) continue; // the class that the marker was planted in
  marked++;
  maps.forEach(({ map }, m) => {
    const large = enlargeSmooth(map ?? new Float32Array(h * w), h, w, side, side);
    peaks[m] += Number(peaksIn(large, side, box01));
  });
}
await session.close();
await model.close();

const say = (values: readonly number[]) => {
  const { mean, low, high } = meanInterval(values);
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
console.log(`${findings.length} pictures, tap ${session.tap.name} ${session.tap.grid.join(" × ")}`);
console.log(`CCRM: ${mean(rounds).toFixed(1)} rounds a picture in all crops, two looks each`);
methods.forEach(({ id }, m) => {
  console.log(`${id} peaks: on the planted marker in ${peaks[m]} of ${marked} pictures`);
  const [own, plain] = [measures[m], measures[0]];
  const best = own.byThreshold.toSorted((a, b) => mean(b) - mean(a))[0];
  const plainBest = plain.byThreshold.toSorted((a, b) => mean(b) - mean(a))[0];
  for (const [name, values, against] of [
    ["covered", own.covered, plain.covered],
    ["overlap", own.overlap, plain.overlap],
    ["best", best, plainBest],
    ["inside", own.inside, plain.inside],
  ] as const)
    console.log(
      `${id} ${name}: ${say(values)}, less Grad-CAM ${say(values.map((value, i) => value - against[i]))}`,
    );
});
