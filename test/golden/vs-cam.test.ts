import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { producersOf } from "../../src-main/engine/onnx/walk.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";
import { plantedRanking } from "../support/planted-ranking.ts";
import { seededNumbers } from "../support/toy-session.ts";

const demoVig = fixturesFolder ? join(fixturesFolder, "../demo/models/chest-vig.onnx") : "";

describe.skipIf(!fixturesFolder)("a vision graph network", () => {
  const open = () => openModel(fixture("models/mini-cifar10/mini_vig_cifar10.onnx"));
  const image = { dims: [1, 3, 32, 32], data: seededNumbers(3 * 32 * 32, 3) };

  it("has the same slope at every vertex, because pooling comes first", async () => {
    const model = await open();
    const session = await model.open(null);
    const { gradients } = await session.gradient(image, "predicted");
    const n = 64;
    const largest = Math.max(...gradients.data.map(Math.abs));
    gradients.data.forEach((g, i) =>
      expect(Math.abs(g - gradients.data[i - (i % n)])).toBeLessThan(1e-6 * largest),
    );
    await Promise.all([session.close(), model.close()]);
  });

  it("lists the neighbours that its own distances give here, each vertex its own first", async () => {
    const model = await open();
    const session = await model.open(null);
    const { vertexGraphs } = session.structure;
    const { graph } = (await model.compiled(null)).model;
    const producers = producersOf(graph);
    expect(vertexGraphs.length).toBe(4);
    for (const { indices, vertices } of vertexGraphs) {
      const nearness = producers.get(indices)?.inputs[0] ?? "";
      const { values } = await session.read(image, [indices, nearness], null);
      const [chosen, near] = [values.get(indices), values.get(nearness)];
      const width = (chosen?.data.length ?? 0) / vertices;
      for (let i = 0; i < vertices; i++) {
        const own = [...(near?.data.subarray(i * vertices, (i + 1) * vertices) ?? [])];
        const expected = [...own.keys()].sort((a, b) => own[b] - own[a]).slice(0, width);
        const listed = [...(chosen?.data.subarray(i * width, (i + 1) * width) ?? [])];
        expect(listed.toSorted((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect(listed[0]).toBe(i);
      }
    }
    await Promise.all([session.close(), model.close()]);
  });

  it.skipIf(!existsSync(demoVig))(
    "puts 17 planted pictures among the first 20 and 32 among the first 40 of the sample by VS-CAM",
    async () => {
      const ranking = await plantedRanking(demoVig, "vs-cam");
      expect(ranking.slice(0, 20).filter(Boolean).length).toBeGreaterThanOrEqual(17);
      expect(ranking.slice(0, 40).filter(Boolean).length).toBeGreaterThanOrEqual(32);
    },
    120_000,
  );
});
