import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TapSession } from "../../../shared/domain/engine.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { graphModel, graphSide } from "../../../test/support/graph-model.ts";
import {
  pairedNetwork,
  pairedSide,
  type PairedHead,
} from "../../../test/support/paired-network.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { explainBatch } from "../cam/explain.ts";
import { methodById } from "../cam/registry.ts";
import { openModel } from "../session/open-model.ts";
import { openTensorFlowModel } from "./open-model.ts";
import { tensorflow } from "./runtime.ts";

const ids = ["fg-cam", "fg-cam-denoised"] as const;

function pictures(count: number, side: number): { readonly last: Tensor; readonly first: Tensor } {
  const last = { dims: [count, side, side, 3], data: seededNumbers(count * side * side * 3, 5) };
  const data = new Float32Array(last.data.length);
  last.data.forEach((value, i) => {
    const [n, at, c] = [Math.floor(i / (3 * side * side)), Math.floor(i / 3) % side ** 2, i % 3];
    data[(n * 3 + c) * side * side + at] = value;
  });
  return { last, first: { dims: [count, 3, side, side], data } };
}

function mapsOf(session: TapSession, images: Tensor, layout: "NCHW" | "NHWC") {
  return explainBatch({
    session,
    methods: ids.map(methodById),
    images,
    layout,
    target: { kind: "class", index: 1 },
    labels: Array<null>(images.dims[0] ?? 0).fill(null),
  });
}

function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
    largest = Math.max(largest, Math.abs(b[i] ?? 0));
  }
  return a.length === b.length && largest > 0 ? worst / largest : Infinity;
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe.each<PairedHead>(["pooled", "flattened"])(
  "FG-CAM of the same network twice, %s",
  (head) => {
    it("is the same at every layer, and in the picture", async () => {
      const { onnx, tfjs } = pairedNetwork(head);
      const folder = await temporaryFolder({ "model.onnx": onnx, ...tfjs });
      const [theirs, ours] = [
        await openModel(join(folder, "model.onnx")),
        await openTensorFlowModel(join(folder, "model.json")),
      ];
      const { first, last } = pictures(2, pairedSide);
      let compared = 0;
      for (const { name } of [...theirs.description.taps, { name: "joined" }]) {
        const [a, b] = [await theirs.open(name), await ours.open(name)];
        const [expected, found] = [a.structure.relevance, b.structure.relevance];
        expect(found?.kind, name).toBe(expected?.kind);
        if (expected?.kind !== "open" || found?.kind !== "open") continue;
        expect(found.from.name).toBe(expected.from.name);
        expect(found.to.grid).toEqual(expected.to.grid);
        const made = await mapsOf(b, last, "NHWC");
        (await mapsOf(a, first, "NCHW")).forEach(({ maps }, i) =>
          maps.forEach(({ map }, m) =>
            expect
              .soft(apart(made[i]?.maps[m]?.map ?? [], map ?? []), `${ids[m]} at ${name}`)
              .toBeLessThan(1e-3),
          ),
        );
        compared++;
        await Promise.all([a.close(), b.close()]);
      }
      expect(compared).toBeGreaterThan(2);
      await Promise.all([theirs.close(), ours.close()]);
    }, 30_000);
  },
);

describe("FG-CAM of a graph model", () => {
  it("keeps the sum of what it started with, through fused steps, and leaves nothing behind", async () => {
    const { tf } = await tensorflow();
    const before = tf.memory().numTensors;
    const folder = await temporaryFolder({ ...graphModel() });
    const model = await openTensorFlowModel(join(folder, "model.json"));
    const session = await model.open(null);
    const { last } = pictures(1, graphSide);
    const path = session.structure.relevance;
    expect(path).toMatchObject({ kind: "open", isPicture: true, extended: [], batchNorms: 0 });
    const run = async () => {
      const [{ maps }] = await mapsOf(session, last, "NHWC");
      return maps;
    };
    const [fine] = await run();
    expect(fine?.notes?.["arrived"]).toBeCloseTo(1, 4);
    expect(sum(fine?.map ?? [])).not.toBe(0);
    const level = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) expect((await run())[0]?.map).toEqual(fine?.map);
    expect(tf.memory().numTensors).toBe(level);
    await model.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.skipIf(!fixturesFolder)(
    "goes through MobileNet's fused ReLU6 as it does in the same network's ONNX file",
    async () => {
      const [theirs, ours] = [
        await openModel(fixture("models/imagenet/mobilenet_v1_0.25_224.onnx")),
        await openTensorFlowModel(fixture("tfjs/mobilenet_v1_0.25_224_graph/model.json")),
      ];
      const [a, b] = [await theirs.open(null), await ours.open(null)];
      const { first, last } = pictures(1, 224);
      const [expected] = await mapsOf(a, first, "NCHW");
      const [made] = await mapsOf(b, last, "NHWC");
      expected.maps.forEach(({ map, notes }, m) => {
        expect(apart(made.maps[m]?.map ?? [], map ?? [])).toBeLessThan(1e-3);
        expect(made.maps[m]?.notes?.["arrived"] ?? 1).toBeCloseTo(notes?.["arrived"] ?? 1, 4);
      });
      await Promise.all([a.close(), b.close(), theirs.close(), ours.close()]);
    },
    60_000,
  );
});
