import { describe, expect, it } from "vitest";
import type { TapSession } from "../../shared/domain/engine.ts";
import { presets, type Preparation } from "../../shared/domain/preparation.ts";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { MapRun } from "./map-run.ts";
import type { EngineItem } from "./protocol.ts";
import { openModel } from "./session/open-model.ts";

const preparation: Preparation = {
  preset: "torchvision",
  ...presets.torchvision,
  geometry: { kind: "none" },
  resample: "bilinear",
  widthPx: 32,
  heightPx: 32,
  layout: "NCHW",
};

function item(name: string, no: number): EngineItem {
  const path = fixture(`golden/inputs/cifar_${name}.png`);
  return { no, path, label: null, evidence: null, isSampled: false };
}

/** Maps by a method with noise, whose gradients depend on the input. */
async function mapsOf(seed: number, asked: readonly EngineItem[], batch: number) {
  const modelPath = fixture("models/mini-cifar10/mini_vgg_cifar10.onnx");
  const model = await openModel(modelPath, { widthPx: 32, heightPx: 32 });
  const session = await model.open(null);
  const run = new MapRun(
    {
      modelPath,
      preparation,
      tap: null,
      method: "smooth-grad-cam++",
      secondMethod: null,
      target: { kind: "predicted" },
      seed,
    },
    session,
  );
  const results = await run.maps(asked, batch);
  await Promise.all([session.close(), model.close()]);
  return results.map(({ map, error }) => {
    expect(error).toBeNull();
    return [...(map ?? [])];
  });
}

describe.skipIf(!fixturesFolder)("what is random in a run", () => {
  it("follows the run's seed and the item's number alone", async () => {
    const items = ["cat", "cat", "ship"].map(item);
    const [first, second, third] = await mapsOf(7, items, 3);
    // One picture twice: each item has noise of its own.
    expect(second).not.toEqual(first);
    // Resumed in another order and batch: the same bytes.
    expect(await mapsOf(7, [items[2], items[0]], 1)).toEqual([third, first]);
    expect((await mapsOf(8, [items[0]], 1))[0]).not.toEqual(first);
  });
});

describe.skipIf(!fixturesFolder)("a batch that the memory does not hold", () => {
  it("is halved until it fits, and no item is lost or mapped differently", async () => {
    const modelPath = fixture("models/mini-cifar10/mini_vgg_cifar10.onnx");
    const model = await openModel(modelPath, { widthPx: 32, heightPx: 32 });
    const session = await model.open(null);
    const asked: number[] = [];
    const small: TapSession = {
      ...session,
      gradient: (images, seed) => {
        asked.push(images.dims[0]);
        if (images.dims[0] > 2) throw new Error("Failed to allocate memory for requested buffer");
        return session.gradient(images, seed);
      },
    };
    const spec = {
      modelPath,
      preparation,
      tap: null,
      method: "grad-cam",
      secondMethod: null,
      target: { kind: "class", index: 3 },
      seed: 1,
    } as const;
    const items = ["cat", "ship", "cat", "ship", "cat", "ship"].map(item);
    const results = await new MapRun(spec, small).maps(items, 5);
    const whole = await new MapRun(spec, session).maps(items, 6);
    expect(results.map(({ no }) => no)).toEqual(items.map(({ no }) => no));
    results.forEach(({ map }, i) =>
      map?.forEach((value, at) => expect(value).toBeCloseTo(whole[i].map?.[at] ?? NaN, 5)),
    );
    // The null map is one image; the size that fitted is kept for what follows.
    expect(asked.filter((rows) => rows > 2)).toEqual([5, 3]);
    await Promise.all([session.close(), model.close()]);
  });
});
