import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { testFacts, type FillId } from "../../shared/domain/region-test.ts";
import type { Shape } from "../../shared/domain/review.ts";
import {
  demoClasses,
  demoFolder,
  demoModel,
  demoPreparation,
} from "../../test/support/demo-findings.ts";
import { openAnyModel } from "./open-any-model.ts";
import type { RegionTestCall } from "./protocol.ts";
import { testHandlers } from "./test-handlers.ts";

const { regionTest } = testHandlers(() => "cpu");
const preparation = demoPreparation(160, 160);
const consolidation = demoClasses.indexOf("consolidation");

const model = await openAnyModel(demoModel, { widthPx: 160, heightPx: 160 });
const { sha256 } = model.description;
afterAll(() => model.close());

/** Pictures with the planted word, and its box in fractions of 320 pixels. */
const marked = readFileSync(
  join(import.meta.dirname, "../../test/corpus/demo/planted-truth.csv"),
  "utf8",
)
  .trim()
  .split("\n")
  .slice(1)
  .map((row) => row.split(","))
  .filter(([, , marker]) => marker === "1")
  .map(([file, , , , , , box]) => {
    const [x, y, w, h] = box.split(" ").map((px) => Number(px) / 320);
    return { file, shape: { kind: "rect", x, y, w, h } as const };
  });

function callOf(file: string, shape: Shape, fill: FillId, controls = 20): RegionTestCall {
  return {
    modelPath: demoModel,
    modelSha256: sha256,
    preparation,
    path: join(demoFolder, "images", file),
    shape,
    evidence: null,
    map: null,
    target: null,
    fill,
    controls,
    seed: 1,
  };
}

it("the planted word matters more than all 20 places elsewhere; a place without it does not", async () => {
  const ranks: (number | null)[] = [];
  const elsewhere: (number | null)[] = [];
  for (const { file, shape } of marked.slice(0, 6)) {
    const test = await regionTest(callOf(file, shape, "blur"));
    expect(test.classBefore).toBe(consolidation);
    expect(test.controls).toHaveLength(20);
    expect(testFacts(test).isAgreed).toBe(true);
    ranks.push(testFacts(test).rank);
    const moved = { ...shape, x: 1 - shape.x - shape.w, y: 1 - shape.y - shape.h };
    const aside = await regionTest(callOf(file, moved, "blur"));
    elsewhere.push(testFacts(aside).rank);
  }
  expect(ranks).toEqual([1, 1, 1, 1, 1, 1]);
  expect(elsewhere).not.toContain(1);
});

it("every fill takes the word away", async () => {
  const [{ file, shape }] = marked;
  for (const fill of ["blur", "mean", "noise", "neighbours"] as const) {
    const test = await regionTest(callOf(file, shape, fill));
    expect(testFacts(test).rank, fill).toBe(1);
    expect(test.covered).toBeCloseTo(shape.w * shape.h, 6);
  }
});

it("gives the same numbers for the same seed", async () => {
  const [{ file, shape }] = marked;
  const call = callOf(file, shape, "noise", 5);
  expect(await regionTest(call)).toEqual(await regionTest(call));
});

it("speaks of the class that it is asked for, with the model's own probabilities", async () => {
  const [{ file, shape }] = marked;
  const asked = await Promise.all(
    demoClasses.map((_, target) => regionTest({ ...callOf(file, shape, "blur", 0), target })),
  );
  const sum = (of: "scoreBefore" | "scoreAfter") => asked.reduce((all, test) => all + test[of], 0);
  expect(sum("scoreBefore")).toBeCloseTo(1, 5);
  expect(sum("scoreAfter")).toBeCloseTo(1, 5);
  expect(new Set(asked.map(({ classBefore }) => classBefore)).size).toBe(1);
});

it("puts no control where there is evidence, or where the map is hot", async () => {
  const [{ file, shape }] = marked;
  const evidence = { kind: "rect", x: 0.5, y: 0, w: 0.5, h: 1 } as const;
  const beside = await regionTest({
    ...callOf(file, { ...shape, x: 0.1, y: 0.1 }, "blur"),
    evidence: { kind: "shapes", shapes: [evidence] },
  });
  expect(beside.controls.length).toBeGreaterThan(0);
  expect(beside.controls.every(({ x, w }) => x + w <= 0.5)).toBe(true);
  // heat in the lower half: places above are no more than half of all, the median lies on the border
  const map = { heat: Float32Array.of(0, 0, 1, 1), width: 2, height: 2 };
  const cool = await regionTest({ ...callOf(file, { ...shape, x: 0.1, y: 0.1 }, "blur"), map });
  expect(cool.isByHeat).toBe(true);
  expect(cool.controls.every(({ y }) => y < 0.5)).toBe(true);
});

it("refuses a region beside the picture, and a model file that is another", async () => {
  const [{ file, shape }] = marked;
  await expect(regionTest(callOf(file, { ...shape, x: 1.5 }, "blur"))).rejects.toMatchObject({
    code: "test/outside",
  });
  const other = { ...callOf(file, shape, "blur"), modelSha256: "0".repeat(64) };
  await expect(regionTest(other)).rejects.toMatchObject({ code: "test/model-changed" });
});
