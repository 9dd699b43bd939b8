import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { presets, type Preparation } from "../../shared/domain/preparation.ts";
import type { MeasuredSheet } from "../../shared/domain/sheet.ts";
import { defineMethod, definePassMethod, type Method } from "./cam/method.ts";
import { methodById } from "./cam/registry.ts";
import { inputSize } from "./images/prepare.ts";
import { averageOver } from "./kernels/area.ts";
import { MapRun, seedOf, spreadOf } from "./map-run.ts";
import type { SheetSpec } from "./protocol.ts";
import { readPicture } from "./read-picture.ts";
import { makeSheet, type SanityImage, type SanityRequest } from "./sanity/make-sheet.ts";
import { meanColourInput } from "./sanity/null-input.ts";
import { openModel, type OpenModel } from "./session/open-model.ts";
import { SheetRun } from "./sheet-run.ts";

const demo = join(import.meta.dirname, "../../assets/demo");
const modelPath = join(demo, "chest-resnet.onnx");
const preparation: Preparation = {
  preset: "grey-imagenet",
  ...presets["grey-imagenet"],
  geometry: { kind: "stretch" },
  resample: "area",
  widthPx: 160,
  heightPx: 160,
  layout: "NCHW",
};

/** Two pictures of every class. */
const paths = readdirSync(join(demo, "images")).flatMap((name) =>
  readdirSync(join(demo, "images", name))
    .toSorted()
    .slice(0, 2)
    .map((file) => join(demo, "images", name, file)),
);

let model: OpenModel;
let images: readonly SanityImage[];
beforeAll(async () => {
  model = await openModel(modelPath);
  images = await Promise.all(
    paths.map(async (path, no) => ({
      input: (await readPicture(path, preparation)).input,
      group: null,
      randomSeed: seedOf(1, no),
      stored: null,
    })),
  );
});
afterAll(() => model.close());

async function sheetOf(
  method: Method,
  changes: Partial<SanityRequest> = {},
): Promise<{ sheet: MeasuredSheet; calls: number }> {
  const session = await model.open(null);
  const making = makeSheet({
    model: {
      session,
      layers: model.layers(),
      withWeights: (weights) => model.withWeights(null, weights),
    },
    method,
    isClassSpecific: methods[method.id].isClassSpecific,
    images,
    unreadable: 0,
    dims: [1, 1, 160, 160],
    layout: "NCHW",
    inputSpread: spreadOf(preparation),
    nulls: [{ kind: "mean-colour", input: meanColourInput(preparation, inputSize(preparation)) }],
    forwards: 1,
    order: "cascade",
    isSmooth: false,
    seed: 1,
    ...changes,
  });
  try {
    for (let calls = 1; ; calls++) {
      const step = await making.next();
      if (step.done) return { sheet: step.value, calls };
      expect(step.value.tried).toBeLessThanOrEqual(step.value.planned);
    }
  } finally {
    await session.close();
  }
}

/** Slopes of the picture, averaged over the cells of the map: it looks like a map and knows nothing of the model. */
const edges = definePassMethod({
  id: "grad-cam", // it poses as one that is specific to the class
  needs: ["activations"],
  async map(_tools, { image, h, w }) {
    const [, , tall, wide] = image.dims;
    const slopes = Float32Array.from({ length: tall * wide }, (_, i) => {
      const [y, x] = [Math.floor(i / wide), i % wide];
      if (y === 0 || x === 0) return 0;
      return Math.hypot(image.data[i] - image.data[i - 1], image.data[i] - image.data[i - wide]);
    });
    return averageOver(slopes, [tall, wide], [h, w]);
  },
});

const constant = defineMethod({
  id: "eigen-cam",
  needs: [],
  compute: ({ h, w }) => new Float32Array(h * w).fill(3),
});

describe("a reliability sheet", () => {
  it("fails a planted edge detector, which no weight can change", async () => {
    const { sheet } = await sheetOf(edges);
    expect(sheet.verdict).toBe("failed");
    expect(sheet.reasons).toEqual(["spearman", "interval", "random-logit"]);
    for (const step of sheet.steps) expect(step.spearman).toMatchObject({ mean: 1, defined: 8 });
    expect(sheet.area).toBe(1); // and it would be 1 with the unrandomised step, too: that one is not in it
    expect(sheet.randomLogit.mean).toBe(1);
  });

  it("passes CAM on the sample model, whose maps are gone with its weights", async () => {
    const { sheet } = await sheetOf(methodById("cam"));
    expect(sheet).toMatchObject({ verdict: "passed", images: 8, layers: 21, isReduced: false });
    expect(sheet.steps.map(({ layers }) => layers.length)).toEqual([1, 6, 11, 16, 21]);
    expect(sheet.isHeadOnlySame).toBeNull();
    expect(sheet.nullMaps.length).toBeGreaterThan(0);
  });

  it("expects EigenCAM to stay as it is while the head alone is random", async () => {
    const { sheet } = await sheetOf(methodById("eigen-cam"));
    expect(sheet.isHeadOnlySame).toBe(true);
    expect(sheet.steps[0]?.spearman.mean).toBeCloseTo(1, 12);
    expect(sheet.randomLogit.mean).toBeCloseTo(1, 12); // by construction: no reason to fail
    expect(sheet.isClassSpecific).toBe(false);
    expect(sheet.reasons).not.toContain("random-logit");
  });

  it("is undefined for maps that are the same everywhere, and counts them", async () => {
    const { sheet } = await sheetOf(constant);
    expect(sheet).toMatchObject({ verdict: "undefined", reasons: ["too-few-defined"], area: null });
    expect(sheet.steps.at(-1)?.spearman).toMatchObject({ mean: null, defined: 0, undefined: 8 });
  });

  it("takes four images and three steps where a map is costly, one map a call", async () => {
    const cheap = await sheetOf(methodById("cam"));
    const costly = await sheetOf(methodById("cam"), { forwards: 51 });
    expect(costly.sheet).toMatchObject({ images: 4, isReduced: true, forwards: 51 });
    expect(costly.sheet.steps.map(({ layers }) => layers.length)).toEqual([1, 11, 21]);
    expect(costly.calls).toBeGreaterThan(cheap.calls);
  });

  it("gives the same numbers for the same seed", async () => {
    const [one, again, other] = [
      await sheetOf(methodById("cam")),
      await sheetOf(methodById("cam")),
      await sheetOf(methodById("cam"), { seed: 2 }),
    ];
    expect(again.sheet).toEqual(one.sheet);
    expect(other.sheet.steps).not.toEqual(one.sheet.steps);
  });

  it("averages maps over noisy inputs where that is asked for", async () => {
    const { sheet } = await sheetOf(methodById("cam"), {
      images: images.slice(0, 1),
      isSmooth: true,
    });
    expect(sheet.isSmooth).toBe(true);
    expect(sheet.steps.at(-1)?.spearman.defined).toBe(1);
  });

  // metrics.md 7.12
  it.each(["cam", "recipro-cam", "smooth-grad-cam++"] satisfies MethodId[])(
    "makes the run's stored maps again, bit by bit, before it changes a weight: %s",
    async (method) => {
      const spec = { modelPath, preparation, tap: null, method, secondMethod: null, seed: 5 };
      const target = { kind: "predicted" } as const;
      const run = new MapRun({ ...spec, target }, await model.open(null));
      const results = await run.maps(
        paths.map((path, no) => ({ no, path, label: null, evidence: null, isSampled: false })),
        16,
      );
      await run.close();
      const items: SheetSpec["items"] = results.map(({ no, map, target: index }) => ({
        no,
        path: paths[no],
        group: null,
        stored: map && index !== null ? { map, target: index } : null,
      }));
      const tap = model.description.taps[0].name;
      const sheet = await finished({
        ...spec,
        tap,
        items,
        order: "cascade",
        isSmooth: false,
        fitted: null,
      });
      expect(sheet.stepZero).toEqual({
        compared: paths.length,
        exact: paths.length,
        difference: 0,
      });
    },
  );

  it("leaves out what cannot be read, and refuses where nothing can", async () => {
    const tap = model.description.taps[0].name;
    const item = (path: string, no: number) => ({ no, path, group: null, stored: null });
    const spec = {
      ...({ modelPath, preparation, tap, method: "cam", seed: 1 } as const),
      order: "independent",
      isSmooth: false,
      fitted: null,
    } as const;
    const gone = item(join(demo, "none.png"), 9);
    const sheet = await finished({ ...spec, items: [gone, ...paths.slice(0, 3).map(item)] });
    expect(sheet).toMatchObject({ images: 3, unreadable: 1, order: "independent" });
    expect(sheet.steps.flatMap(({ layers }) => layers)).toHaveLength(21);
    await expect(SheetRun.open({ ...spec, items: [gone] })).rejects.toMatchObject({
      code: "sheet/no-images",
    });
  });
});

async function finished(spec: SheetSpec): Promise<MeasuredSheet> {
  const run = await SheetRun.open(spec);
  try {
    for (;;) {
      const { sheet } = await run.next();
      if (sheet) return sheet;
    }
  } finally {
    await run.close();
  }
}
