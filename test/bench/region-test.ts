import { join } from "node:path";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { testHandlers } from "../../src-main/engine/test-handlers.ts";
import { demoFolder, demoModel, demoPreparation } from "../support/demo-findings.ts";
import { median } from "./measure.ts";

export interface RegionTestTimes {
  readonly controls: number;
  /** With the model still to be opened, and the median with it open. */
  readonly firstMs: number;
  readonly warmMs: number;
}

const repeats = 9;

/** A region test on a demo picture: a pass of the picture, one for each of two fills, one a control. */
export async function regionTestTimes(): Promise<RegionTestTimes[]> {
  const opened = await openModel(demoModel);
  const { sha256: modelSha256 } = opened.description;
  await opened.close();
  const times: RegionTestTimes[] = [];
  for (const controls of [20, 200]) {
    const { regionTest } = testHandlers(() => "cpu"); // a model of its own: the first test opens it
    const timed = async () => {
      const fromMs = performance.now();
      await regionTest({
        modelPath: demoModel,
        modelSha256,
        preparation: demoPreparation(160, 160),
        path: join(demoFolder, "images/consolidation/0004.jpg"),
        shape: { kind: "rect", x: 0.03, y: 0.92, w: 0.17, h: 0.05 },
        evidence: null,
        map: null,
        target: null,
        fill: "blur",
        controls,
        seed: 1,
      });
      return performance.now() - fromMs;
    };
    const firstMs = await timed();
    const warm: number[] = [];
    for (let n = 0; n < repeats; n++) warm.push(await timed());
    times.push({ controls, firstMs, warmMs: median(warm) });
  }
  return times;
}
