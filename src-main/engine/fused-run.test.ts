import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { demoFolder, demoModel, demoPreparation } from "../../test/support/demo-findings.ts";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { mapHandlers } from "./map-handlers.ts";
import type { EngineItem, EngineRequests } from "./protocol.ts";

const [deep, fine] = ["/body/body.7/Relu_1_output_0", "/body/body.3/Relu_1_output_0"];
const pictures = join(demoFolder, "images/nodule");
const items = readdirSync(pictures)
  .toSorted()
  .slice(0, 3)
  .map((name, no): EngineItem => ({
    no,
    path: join(pictures, name),
    label: 3,
    evidence: null,
    isSampled: no === 0,
  }));
const spec = {
  modelPath: demoModel,
  preparation: demoPreparation(160, 160),
  tap: null,
  method: "layercam",
  secondMethod: null,
  target: { kind: "predicted" },
  seed: 1,
} as const;

const handlers = mapHandlers(() => "cpu");
let handles: string[] = [];
afterEach(async () => {
  for (const handle of handles) await handlers.closeRun({ handle });
  handles = [];
});

async function open(changes: Partial<EngineRequests["openRun"]["in"]>) {
  const opened = await handlers.openRun({ ...spec, ...changes });
  handles.push(opened.handle);
  return opened;
}

function mapsOf(handle: string) {
  return handlers.maps({ handle, items, batch: 2, ahead: [] });
}

describe("a run over several layers", () => {
  it("stores one map on the finest grid, under a name that is the same whatever order they come in", async () => {
    const one = await open({ fusion: { taps: [fine, deep], how: "gate" } });
    const other = await open({ fusion: { taps: [deep, fine], how: "gate" } });
    expect(one.tap.name).toBe(`${deep} + ${fine}, gate`);
    expect(one.tap).toMatchObject({
      grid: [32, 20, 20],
      isDefault: false,
      fusion: { taps: [deep, fine], how: "gate" },
    });
    expect(other.tap).toEqual(one.tap);
    const [results, others] = [await mapsOf(one.handle), await mapsOf(other.handle)];
    results.forEach((result, i) => {
      expect(result.error).toBeNull();
      expect(result.mapDims).toEqual([20, 20]);
      expect(result.map).toEqual(others[i].map);
    });
    // Measured like any other map, further passes included.
    expect(results[0].metrics).toMatchObject({
      stability: expect.any(Number) as number,
      necessity: expect.any(Number) as number,
    });
  });

  it("differs by how they are fused, and takes LayerCAM where no method is named", async () => {
    const gate = await open({ fusion: { taps: [deep, fine], how: "gate" } });
    const mean = await open({ fusion: { taps: [deep, fine], how: "mean" }, method: null });
    expect(mean.method).toBe("layercam");
    const [[a], [b]] = [await mapsOf(gate.handle), await mapsOf(mean.handle)];
    expect(a.map).not.toEqual(b.map);
  });

  it("maps several classes of one picture too", async () => {
    const { handle } = await open({ fusion: { taps: [deep, fine], how: "mean" } });
    const { maps } = await handlers.classMaps({ handle, item: items[0], classes: [3, 1] });
    expect(maps.map(({ map }) => map?.length)).toEqual([400, 400]);
    expect(maps[0].map).not.toEqual(maps[1].map);
  });

  it("is refused for one layer twice, an unknown one, or a method that cannot map at one of them", async () => {
    const fuse = (taps: readonly string[], method: "layercam" | "cam" | "recam" = "layercam") =>
      open({ fusion: { taps, how: "max" }, method });
    await expect(fuse([deep, deep])).rejects.toMatchObject({ code: "run/fusion-layers" });
    await expect(fuse([deep, "nowhere"])).rejects.toMatchObject({ code: "tap/unknown" });
    await expect(fuse([deep, fine], "cam")).rejects.toMatchObject({ code: expect.any(String) });
    await expect(fuse([deep, fine], "recam")).rejects.toMatchObject({ code: "run/fusion-learns" });
  });
});

describe("a run with further models", () => {
  const binary = { method: "rcs-mlff-binary", target: { kind: "class", index: 3 } } as const;

  it("maps what they show, and says which they were", async () => {
    const opened = await open({
      ...binary,
      others: [
        { path: demoModel, output: 3 },
        { path: demoModel, output: 1 },
      ],
    });
    expect(opened.others).toEqual([
      {
        path: demoModel,
        output: 3,
        fileName: "chest-resnet.onnx",
        sha256: opened.description.sha256,
      },
      {
        path: demoModel,
        output: 1,
        fileName: "chest-resnet.onnx",
        sha256: opened.description.sha256,
      },
    ]);
    const [{ map, mapDims, error }] = await mapsOf(opened.handle);
    expect(error).toBeNull();
    expect(mapDims).toEqual([10, 10]);
    expect(Math.max(...(map ?? []))).toBeGreaterThan(0);
  });

  it("is refused without them, for a method that reads one, for any target, and without a named output", async () => {
    const others = [{ path: demoModel, output: 3 }];
    await expect(open(binary)).rejects.toMatchObject({ code: "method/needs-models" });
    await expect(open({ others })).rejects.toMatchObject({ code: "run/others-unused" });
    await expect(open({ ...binary, target: { kind: "predicted" }, others })).rejects.toMatchObject({
      code: "run/others-class",
    });
    await expect(
      open({ ...binary, others: [{ path: demoModel, output: null }] }),
    ).rejects.toMatchObject({ code: "run/other-output", details: { outputs: 4 } });
  });

  it.skipIf(!fixturesFolder)("is refused for a model that takes other pictures", async () => {
    const path = fixture("models/mini-cifar10/mini_vgg_cifar10.onnx");
    await expect(open({ ...binary, others: [{ path, output: 3 }] })).rejects.toMatchObject({
      code: "run/other-input",
    });
  });
});
