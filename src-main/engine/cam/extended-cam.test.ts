import { describe, expect, it } from "vitest";
import { enlargeGaussian } from "../../../shared/heatmap/gaussian-enlarge.ts";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import { seededNumbers, toyImages, toySession } from "../../../test/support/toy-session.ts";
import { explainBatch } from "./explain.ts";
import { coarseEvidence, extendedCam } from "./extended-cam.ts";
import { methodById } from "./registry.ts";

const axis = { inputPx: 8, jumpPx: 2, sizePx: 4, centrePx: 0.5, sigmaPx: 1.5 };
const receptiveField = { isDerived: true, down: axis, across: axis };
const tap = { name: "a", isDefault: true, isScaleFree: false };

describe("Extended-CAM", () => {
  it("adds up to the logit less its bias on a pooled linear head, and so do its pixels by mass", async () => {
    const session = toySession({ head: "pooled" });
    const images = toyImages(3);
    const items = await explainBatch({
      session,
      methods: [extendedCam],
      images,
      layout: "NCHW",
      target: { kind: "class", index: 2 },
      labels: [null, null, null],
    });
    for (const { logits, maps } of items) {
      const evidence = logits[2] - (session.head.bias?.[2] ?? NaN);
      const values = maps[0].map ?? new Float32Array(0);
      const sum = (all: Float32Array) => all.reduce((total, value) => total + value, 0);
      expect(sum(values)).toBeCloseTo(evidence, 5);
      const map = { values, height: 4, width: 4 };
      expect(sum(enlargeGaussian(map, 8, 8, receptiveField, "mass"))).toBeCloseTo(evidence, 5);
    }
  });

  it("is the same by mean gradients and by the classifier's row on a pooled linear head", () => {
    const [k, n] = [6, 16];
    const activations = seededNumbers(k * n, 4);
    const row = seededNumbers(k, 5);
    const gradients = Float32Array.from({ length: k * n }, (_, i) => row[Math.floor(i / n)] / n);
    const elementwise = coarseEvidence({ activations, gradients, k }, "elementwise");
    const gap = coarseEvidence({ activations, gradients, k }, "gap");
    const cam = methodById("cam");
    if ("map" in cam) throw new Error("CAM orders no passes");
    const made = cam.compute({
      activations,
      gradients,
      headWeights: { dims: [1, k], data: row.map((weight) => weight / n) },
      k,
      h: 4,
      w: 4,
      logits: Float32Array.of(1),
      seed: Float32Array.of(1),
      target: 0,
    });
    const byRow = made instanceof Float32Array ? made : made.map;
    elementwise.forEach((value, p) => {
      expect(gap[p]).toBeCloseTo(value, 6);
      expect(byRow[p] / n).toBeCloseTo(value, 6); // CAM is stored over all places
    });
  });

  it("keeps what speaks against the class, so that it can cancel once it is drawn", async () => {
    const activations = Float32Array.of(1, 2, 0, 0, 0, 3, 1, 0);
    const gradients = Float32Array.of(1, 1, 1, 1, -1, -1, -1, -1);
    const item = mapItem({
      activations,
      gradients,
      k: 2,
      h: 2,
      w: 2,
      tap: { ...tap, receptiveField },
    });
    const { map, notes } = await passMap(extendedCam, mapTools({}), item);
    expect([...map]).toEqual([1, -1, -1, 0]);
    expect(notes).toEqual({ averagedGradients: 0, derivedField: 1, sigmaPx: 1.5, jumpPx: 2 });
  });

  it("averages gradients at a scale-free layer, where its own sum is rounding noise", async () => {
    const activations = Float32Array.of(1, 0, 0, 1);
    const gradients = Float32Array.of(2, 0, 0, 0); // mean ½
    const item = mapItem({
      activations,
      gradients,
      k: 1,
      h: 2,
      w: 2,
      tap: { ...tap, isScaleFree: true },
    });
    const { map, notes } = await passMap(extendedCam, mapTools({}), item);
    expect([...map]).toEqual([0.5, 0, 0, 0.5]);
    expect(notes).toEqual({ averagedGradients: 1, derivedField: 0 });
  });
});
