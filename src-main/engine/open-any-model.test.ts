import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { seededNumbers } from "../../test/support/toy-session.ts";
import { explainBatch } from "./cam/explain.ts";
import { methodById } from "./cam/registry.ts";
import { openAnyModel } from "./open-any-model.ts";

const model = join(import.meta.dirname, "../../assets/demo/chest-resnet.onnx");
const before = process.env["HANSIGHT_TENSORFLOW_ADDON"];
afterEach(() => {
  if (before === undefined) delete process.env["HANSIGHT_TENSORFLOW_ADDON"];
  else process.env["HANSIGHT_TENSORFLOW_ADDON"] = before;
});

const dims = [1, 1, 160, 160];
const images = { dims, data: seededNumbers(160 * 160, 2) };

async function openOn(setting: "cpu" | "tensorflow") {
  const opened = await openAnyModel(model);
  const { session, device } = await opened.openFor({
    tap: "/body/body.3/Relu_1_output_0",
    setting,
    dims,
    differentiates: () => true,
  });
  return { session, device, close: () => Promise.all([session.close(), opened.close()]) };
}

describe("an ONNX model on the device that is asked for", () => {
  it("runs on TensorFlow.js with the processor's maps", { timeout: 60_000 }, async () => {
    process.env["HANSIGHT_TENSORFLOW_ADDON"] = "none";
    const [own, reference] = [await openOn("tensorflow"), await openOn("cpu")];
    expect([own.device, reference.device]).toEqual(["tensorflow · wasm", "CPU"]);
    const methods = ["hirescam", "ablation-cam"] as const;
    const mapsOn = async ({ session }: typeof own) => {
      const [item] = await explainBatch({
        session,
        methods: methods.map(methodById),
        images,
        layout: "NCHW",
        target: { kind: "predicted" },
        labels: [null],
      });
      return item.maps.map(({ map }) => map ?? new Float32Array(0));
    };
    const [made, expected] = [await mapsOn(own), await mapsOn(reference)];
    expected.forEach((map, m) => {
      const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeGreaterThan(0);
      map.forEach((value, i) =>
        expect(Math.abs(made[m][i] - value) / largest, methods[m]).toBeLessThan(1e-3),
      );
    });
    // What sweeps relevance back through the graph has no graph to write it into here.
    const fine = own.session.methods.find(({ method }) => method === "fg-cam");
    expect(fine?.refusal?.code).toBe("relevance/no-graph");
    await Promise.all([own.close(), reference.close()]);
  });
});
