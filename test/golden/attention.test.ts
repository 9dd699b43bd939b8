import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { fixturesFolder } from "../support/fixtures.ts";
import { markerHeat } from "../support/planted-marker.ts";

const demoVit = fixturesFolder ? join(fixturesFolder, "../demo/models/chest-vit.onnx") : "";

it.skipIf(!existsSync(demoVit))(
  "sees the marker that the sample's transformer obeys, by gradient-weighted attention and by rollout",
  async () => {
    const model = await openModel(demoVit);
    const session = await model.open(null);
    const [relevance, rollout] = await markerHeat(
      session,
      ["attention-relevance", "attention-rollout"],
      6,
    );
    const pictures = relevance.lifts.length;
    expect(pictures).toBeGreaterThanOrEqual(10);
    expect(relevance.hits).toBe(pictures);
    expect(rollout.hits).toBeGreaterThan(pictures / 2);
    expect(Math.min(...relevance.lifts)).toBeGreaterThan(2);
    await Promise.all([session.close(), model.close()]);
  },
  60_000,
);
