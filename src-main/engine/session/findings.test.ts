import { expect, it } from "vitest";
import { demoMarkers, peaksIn } from "../../../test/support/demo-markers.ts";
import { demoFindings, demoModel, demoPreparation } from "../../../test/support/demo-findings.ts";
import { enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import { explainBatch } from "../cam/explain.ts";
import { methodById } from "../cam/registry.ts";
import { stackInputs } from "../input-batch.ts";
import { openModel } from "./open-model.ts";

const side = 160;

/** Intersection over union of the finding and of where a map reaches half its maximum. */
function overlapOf(
  map: Float32Array,
  [h, w]: readonly [number, number],
  truth: Uint8Array,
): number {
  const large = enlargeSmooth(
    map.map((value) => Math.max(0, value)),
    h,
    w,
    side,
    side,
  );
  const half = 0.5 * Math.max(...large);
  let [both, either] = [0, 0];
  large.forEach((value, p) => {
    const isHot = value >= half;
    both += Number(isHot && truth[p] === 1);
    either += Number(isHot || truth[p] === 1);
  });
  return both / either;
}

// Every ninth finding; of all 180 the bench `erasing-and-fine` gives the figures that stand in the methods' help.
it("finds drawn findings with FG-CAM better than with Grad-CAM, and with CCRM worse", async () => {
  const model = await openModel(demoModel, { threads: 2 });
  const session = await model.open(null);
  const preparation = demoPreparation(side, side);
  const findings = (await demoFindings(preparation, side)).filter((_, i) => i % 9 === 0);
  const ids = ["grad-cam", "fg-cam", "ccrm"] as const;
  const overlaps = [0, 0, 0];
  const [, h, w] = session.tap.grid;
  for (const { input, label, truth } of findings) {
    const [{ maps }] = await explainBatch({
      session,
      methods: ids.map(methodById),
      images: stackInputs([input], preparation),
      layout: preparation.layout,
      target: { kind: "class", index: label },
      labels: [label],
    });
    maps.forEach(({ map }, m) => {
      overlaps[m] += overlapOf(map ?? new Float32Array(h * w), [h, w], truth) / findings.length;
    });
  }
  await session.close();
  await model.close();
  expect(findings).toHaveLength(20);
  const [grad, fine, erased] = overlaps;
  expect(fine).toBeGreaterThan(1.5 * grad);
  expect(erased).toBeLessThan(grad);
});

// The demo model reads the planted word in its class "consolidation"; every fourth marked picture.
it("points at the planted marker with FG-CAM wherever the model goes by it", async () => {
  const model = await openModel(demoModel, { threads: 2 });
  const session = await model.open(null);
  const preparation = demoPreparation(side, side);
  const ids = ["grad-cam", "fg-cam"] as const;
  const [, h, w] = session.tap.grid;
  const hits = [0, 0];
  let count = 0;
  for (const { input, box01 } of await demoMarkers(preparation, 4)) {
    const [{ maps, target }] = await explainBatch({
      session,
      methods: ids.map(methodById),
      images: stackInputs([input], preparation),
      layout: preparation.layout,
      target: { kind: "predicted" },
      labels: [null],
    });
    if (target !== 1) continue;
    count++;
    maps.forEach(({ map }, m) => {
      const large = enlargeSmooth(map ?? new Float32Array(h * w), h, w, side, side);
      hits[m] += Number(peaksIn(large, side, box01));
    });
  }
  await session.close();
  await model.close();
  expect(count).toBeGreaterThan(8);
  expect(hits[1]).toBe(count);
  expect(hits[0]).toBeLessThan(count / 2);
});
