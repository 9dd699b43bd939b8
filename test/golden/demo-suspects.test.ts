import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { sample } from "../../shared/statistics/sample.ts";
import { MapRun } from "../../src-main/engine/map-run.ts";
import type { EngineItem, ItemResult } from "../../src-main/engine/protocol.ts";
import { softmax } from "../../src-main/engine/kernels/scores.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { explain } from "../../src-main/suspicion/explain.ts";
import { predictFocus } from "../../src-main/suspicion/focus.ts";
import type { SuspectItem } from "../../src-main/suspicion/item.ts";
import { rankSuspects } from "../../src-main/suspicion/rank.ts";
import { scoreItem, weakLimit, type Scored } from "../../src-main/suspicion/score.ts";

const demo = join(import.meta.dirname, "../../assets/demo");
const planted = join(import.meta.dirname, "../corpus/demo/planted-truth.csv");

/** `expected.json`: grey, 320 to 160 by 2×2 means, /255, minus 0.449, over 0.226. */
const preparation: Preparation = {
  preset: "grey-imagenet",
  channels: "grey",
  scale: 255,
  mean: [0.449],
  std: [0.226],
  geometry: { kind: "stretch" },
  resample: "area",
  widthPx: 160,
  heightPx: 160,
  layout: "NCHW",
};

interface Judged {
  readonly file: string;
  readonly item: SuspectItem;
  readonly scored: Scored;
  readonly why: string;
  readonly focus: string;
  readonly isPlanted: boolean;
  readonly isHonestNodule: boolean;
}

function rowsOf(path: string): string[][] {
  const [, ...rows] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  return rows.map((row) => row.split(","));
}

/** The demo audit as the engine and suspicion make it, with evidence or without. */
async function audit(withEvidence: boolean): Promise<Judged[]> {
  const classes = readFileSync(join(demo, "classes.txt"), "utf8").trim().split(/\r?\n/);
  const labels = rowsOf(join(demo, "labels.csv"));
  const masks = new Map(rowsOf(join(demo, "evidence.csv")).map(([file, mask]) => [file, mask]));
  const truth = new Map(rowsOf(planted).map(([file, , marker, drain]) => [file, { marker, drain }]));
  const sampled = new Set(sample([...labels.keys()], 24, 1));
  const items = labels.map(([file, label], no): EngineItem => {
    const mask = withEvidence ? masks.get(file) : undefined;
    return {
      no,
      path: join(demo, "images", file),
      label: classes.indexOf(label),
      evidence: mask ? { kind: "mask-file", path: join(demo, mask), ignore: [] } : null,
      isSampled: sampled.has(no),
    };
  });

  const modelPath = join(demo, "chest-resnet.onnx");
  const model = await openModel(modelPath, { widthPx: 160, heightPx: 160 });
  const spec = {
    modelPath,
    preparation,
    tap: null,
    method: "cam",
    secondMethod: "recipro-cam",
    target: { kind: "predicted" },
    seed: 1,
  } as const;
  let results: readonly ItemResult[];
  try {
    results = await new MapRun(spec, await model.open(null)).maps(items, 16);
  } finally {
    await model.close();
  }

  const weakBelow = weakLimit(
    results.flatMap(({ metrics }) => (typeof metrics.raw_max === "number" ? [metrics.raw_max] : [])),
  );
  return results.map((result, no) => {
    if (result.error || !result.logits) throw new Error(`${labels[no][0]}: ${JSON.stringify(result.error)}`);
    const probabilities = softmax(result.logits);
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    const item: SuspectItem = {
      isCorrect: predicted === items[no].label,
      confidence: probabilities[predicted],
      flags: result.flags,
      metrics: result.metrics,
      artefacts: result.artefacts,
    };
    const scored = scoreItem(item, { weakBelow });
    const [height, width] = result.mapDims ?? [0, 0];
    const map = result.map && { values: result.map, height, width };
    const [file, label] = labels[no];
    const { marker, drain } = truth.get(file) ?? { marker: "0", drain: "0" };
    const isPlanted = marker === "1" || drain === "1";
    return {
      file,
      item,
      scored,
      why: explain(item, scored, map),
      focus: predictFocus(item, scored),
      isPlanted,
      isHonestNodule: label === "nodule" && item.isCorrect === true && !isPlanted,
    };
  });
}

for (const withEvidence of [true, false])
  describe(`the demo's suspects, ${withEvidence ? "with" : "without"} evidence`, () => {
    let judged: Judged[] = [];
    let ranked: Judged[] = [];
    beforeAll(async () => {
      judged = await audit(withEvidence);
      ranked = rankSuspects(judged.map(({ scored }, no) => ({ no, score: scored.score }))).map(
        (no) => judged[no],
      );
    }, 300_000);

    it("come from 240 read items, 210 of them right", () => {
      expect(judged.length).toBe(240);
      expect(judged.filter(({ item }) => item.isCorrect).length).toBe(210);
    });

    it("all carry a planted marker or drain among the first 20, and at least 38 of the first 40 do", () => {
      const carriers = (count: number) => ranked.slice(0, count).filter(({ isPlanted }) => isPlanted);
      expect(carriers(20).length).toBe(20);
      expect(carriers(40).length).toBeGreaterThanOrEqual(38);
    });

    it("have no honestly read nodule among the first 40", () => {
      expect(judged.filter(({ isHonestNodule }) => isHonestNodule).length).toBeGreaterThan(30);
      expect(ranked.slice(0, 40).filter(({ isHonestNodule }) => isHonestNodule)).toEqual([]);
    });

    it("have reasons that name no electrode, no side letter and no disc", () => {
      for (const { why } of judged)
        expect(why).not.toMatch(/electrode|side (letter|marker)|\bdisc\b|letter|\b[LR]\b/i);
    });

    it("leave weak maps unranked and unjudged", () => {
      const weak = judged.filter(({ scored }) => scored.shelf === "weak-map");
      expect(weak.length).toBe(12); // the 5th percentile of 240 lies between ranks 12 and 13
      for (const one of weak) expect(one.focus).toBe("unjudged");
      expect(ranked.some(({ scored }) => scored.shelf !== null)).toBe(false);
    });

    it("are elsewhere, as predicted, almost only where something was planted", () => {
      const elsewhere = judged.filter((one) => one.focus === "elsewhere" && one.item.isCorrect);
      expect(elsewhere.length).toBeGreaterThanOrEqual(38);
      expect(elsewhere.filter(({ isPlanted }) => !isPlanted).length).toBeLessThanOrEqual(1);
    });
  });
