import { describe, expect, it } from "vitest";
import { fusionIds } from "../../../../shared/domain/fusion.ts";
import type { MethodId } from "../../../../shared/domain/method-id.ts";
import { toyImages, toySession } from "../../../../test/support/toy-session.ts";
import { explainBatch } from "../explain.ts";
import { methodById } from "../registry.ts";
import { explainLayers } from "./explain-layers.ts";
import { fuseLayers } from "./fuse-layers.ts";

const sessions = [toySession({ head: "two-layer" }), toySession({ head: "two-layer", seed: 5 })];
const request = (id: MethodId) => ({
  methods: [methodById(id)],
  images: toyImages(3),
  layout: "NCHW" as const,
  target: { kind: "class" as const, index: 1 },
  labels: [null, null, null],
});

describe("any method at several layers", () => {
  it.each(["grad-cam", "recipro-cam", "score-cam", "eigen-cam"] as const)(
    "fuses the maps of %s item by item",
    async (id) => {
      const [first, second] = await Promise.all(
        sessions.map((session) => explainBatch({ ...request(id), session })),
      );
      for (const how of fusionIds) {
        const fused = await explainLayers({ ...request(id), sessions, how });
        fused.forEach(({ maps, target, logits }, i) => {
          const layers = [first, second].map((items) => {
            const { map } = items[i].maps[0];
            if (!map) throw new Error("every layer has a map");
            return { map, h: 4, w: 4 };
          });
          expect(maps[0].map).toEqual(fuseLayers(layers, how).map);
          expect(maps[0].notes).toEqual({ layers: 2 });
          expect([target, logits]).toEqual([1, first[i].logits]);
        });
      }
    },
  );

  it("has no map where one layer has none, and says why", async () => {
    const asked = { ...request("grad-cam"), target: { kind: "label" as const } };
    const [{ maps }] = await explainLayers({ ...asked, sessions, how: "mean" });
    expect(maps[0]).toMatchObject({ map: null, flags: ["no-target"] });
  });
});
