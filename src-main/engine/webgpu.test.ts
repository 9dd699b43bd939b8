import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { presets, type Preparation } from "../../shared/domain/preparation.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { softwareGpu } from "../../test/support/software-gpu.ts";
import { EngineClient } from "./client.ts";

const demo = join(import.meta.dirname, "../../assets/demo");
const clients: EngineClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));

const grey: Preparation = {
  preset: "grey-imagenet",
  ...presets["grey-imagenet"],
  geometry: { kind: "stretch" },
  resample: "area",
  widthPx: 160,
  heightPx: 160,
  layout: "NCHW",
};
const colour: Preparation = {
  preset: "torchvision",
  ...presets.torchvision,
  geometry: { kind: "none" },
  resample: "bilinear",
  widthPx: 32,
  heightPx: 32,
  layout: "NCHW",
};

interface Case {
  readonly modelPath: string;
  readonly preparation: Preparation;
  readonly method: MethodId;
  readonly path: string;
}

/** One map in an engine process of its own that is told this device; the driver is found by its environment. */
async function mapOn(device: string, { path, ...spec }: Case) {
  process.env["HANSIGHT_DEVICE"] = device;
  if (device !== "cpu") process.env["VK_ICD_FILENAMES"] = softwareGpu ?? "";
  const client = new EngineClient("maps");
  clients.push(client);
  try {
    const opened = await client.callOnce("openRun", {
      ...spec,
      tap: null,
      secondMethod: null,
      target: { kind: "predicted" },
      seed: 1,
    });
    const item = { no: 0, path, label: null, evidence: null, isSampled: false };
    const asked = { handle: opened.handle, items: [item], batch: 1, ahead: [] };
    const [result] = await client.callOnce("maps", asked);
    return { device: opened.device, ...result };
  } finally {
    delete process.env["HANSIGHT_DEVICE"];
    delete process.env["VK_ICD_FILENAMES"];
  }
}

async function expectSame(one: Case) {
  const [device, processor] = [await mapOn("webgpu", one), await mapOn("cpu", one)];
  expect([device.device, processor.device]).toEqual(["WebGPU", "CPU"]);
  const expected = processor.map ?? new Float32Array(0);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  expect(device.map?.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs((device.map?.[i] ?? NaN) - value)).toBeLessThan(1e-3 * largest),
  );
}

describe.skipIf(!softwareGpu)("WebGPU by a software driver", () => {
  it("gives the processor's maps by a closed form", { timeout: 120_000 }, () =>
    expectSame({
      modelPath: join(demo, "chest-resnet.onnx"),
      preparation: grey,
      method: "grad-cam",
      path: join(demo, "images/nodule/0008.jpg"),
    }),
  );

  it.skipIf(!fixturesFolder)(
    "gives the processor's maps by a compiled gradient",
    { timeout: 120_000 },
    () =>
      expectSame({
        modelPath: fixture("models/mini-cifar10/mini_mobilenetv3_cifar10.onnx"),
        preparation: colour,
        method: "hirescam",
        path: fixture("golden/inputs/cifar_cat.png"),
      }),
  );
});
