/**
 * `npx node test/bench/ad-cam.ts`: does the reconstruction of AD-CAM do what its abstract promises? On the demo pictures with a
 * drawn finding, class = label, picture by picture:
 *
 *   false-positive rate at recall .5, .7, .9, against direct coupling  M'_i = Σ_j relu(cos(F_i, F_j)) M_j, cut at 0
 *   recall at the precision that plain CAM has at those recalls, against that recall
 *
 * with 95 % bootstrap intervals of the paired differences. The defaults were frozen before this ran.
 */
import { enlargeSmooth } from "../../shared/heatmap/enlarge.ts";
import { adCam } from "../../src-main/engine/cam/ad-cam.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { gradCam } from "../../src-main/engine/cam/grad-cam.ts";
import { definePassMethod } from "../../src-main/engine/cam/method.ts";
import { stackInputs } from "../../src-main/engine/input-batch.ts";
import { diffuse, featureAffinity } from "../../src-main/engine/kernels/affinity.ts";
import { meanPerChannel, weightedSum } from "../../src-main/engine/kernels/maps.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { demoFindings, demoModel, demoPreparation } from "../support/demo-findings.ts";
import { meanInterval } from "../support/paired-interval.ts";
import { pixelCurve, type PixelCurve } from "./pixel-curves.ts";

const side = 160;
const recalls = [0.5, 0.7, 0.9];

/** TransCAM's coupling with feature affinity for attention, on scores as they are. */
const directCoupling = definePassMethod({
  id: "ad-cam",
  needs: ["activations", "gradients"],
  map: async (_, { activations, gradients, k }) => {
    const scores = weightedSum(activations, meanPerChannel(gradients, k));
    const coupled = diffuse(scores, featureAffinity(activations, k), {
      direction: "gather",
      steps: 1,
      restart: 0,
    });
    return { map: Float32Array.from(coupled) };
  },
});

const model = await openModel(demoModel, { threads: 2 });
const { heightPx, widthPx } = model.description.input;
const preparation = demoPreparation(widthPx ?? 320, heightPx ?? 320);
const session = await model.open(null);
const [, h, w] = session.tap.grid;
const findings = await demoFindings(preparation, side);

const curves: {
  readonly ours: PixelCurve;
  readonly direct: PixelCurve;
  readonly plain: PixelCurve;
}[] = [];
for (const { input, label, truth } of findings) {
  const [{ maps }] = await explainBatch({
    session,
    methods: [adCam, directCoupling, gradCam],
    images: stackInputs([input], preparation),
    layout: preparation.layout,
    target: { kind: "class", index: label },
    labels: [label],
  });
  const [ours, direct, plain] = maps.map(({ map }) => {
    const positive = (map ?? new Float32Array(h * w)).map((value) => Math.max(0, value));
    return pixelCurve(enlargeSmooth(positive, h, w, side, side), truth);
  });
  curves.push({ ours, direct, plain });
}
await session.close();
await model.close();

const say = (values: readonly number[]) => {
  const { mean, low, high } = meanInterval(values);
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
};
console.log(`${curves.length} pictures, tap ${session.tap.name} ${session.tap.grid.join(" × ")}`);
for (const recall of recalls) {
  const rates = (of: "ours" | "direct" | "plain") =>
    curves.map((curve) => curve[of].falsePositiveRateAt(recall));
  const [ours, direct] = [rates("ours"), rates("direct")];
  console.log(
    `false positives at recall ${recall}: AD-CAM ${say(ours)}, direct coupling ${say(direct)}, ` +
      `difference ${say(ours.map((rate, i) => rate - direct[i]))}; plain ${say(rates("plain"))}`,
  );
}
for (const recall of recalls) {
  const plain = curves.map((curve) => curve.plain.pointAt(recall));
  const ours = curves.map((curve, i) => curve.ours.recallAtPrecision(plain[i].precision));
  console.log(
    `recall at CAM's precision (mean ${say(plain.map(({ precision }) => precision))}): AD-CAM ${say(ours)}, ` +
      `CAM ${say(plain.map((point) => point.recall))}, ` +
      `difference ${say(ours.map((value, i) => value - plain[i].recall))}`,
  );
}
