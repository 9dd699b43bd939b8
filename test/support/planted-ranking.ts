import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { softmax } from "../../src-main/engine/kernels/scores.ts";
import { MapRun } from "../../src-main/engine/map-run.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { rankSuspects } from "../../src-main/suspicion/rank.ts";
import { scoreItem, weakLimit } from "../../src-main/suspicion/score.ts";
import { demoClasses, demoFolder, demoPreparation } from "./demo-findings.ts";

const planted = join(import.meta.dirname, "../corpus/demo/planted-truth.csv");

/**
 * The sample pictures of one model by falling suspicion (with evidence, RX-2), true where a marker or a drain was planted. Maps of
 * the predicted class at the default layer.
 */
export async function plantedRanking(modelPath: string, method: MethodId): Promise<boolean[]> {
  const rows = rowsOf(join(demoFolder, "labels.csv"));
  const masks = new Map(
    rowsOf(join(demoFolder, "evidence.csv")).map(([file, mask]) => [file, mask]),
  );
  const carriers = new Set(
    rowsOf(planted).flatMap(([file, , marker, drain]) =>
      marker === "1" || drain === "1" ? [file] : [],
    ),
  );
  const items = rows.map(([file, label], no) => {
    const mask = masks.get(file);
    return {
      no,
      path: join(demoFolder, "images", file),
      label: demoClasses.indexOf(label),
      evidence: mask
        ? { kind: "mask-file" as const, path: join(demoFolder, mask), ignore: [] }
        : null,
      isSampled: false,
    };
  });
  const model = await openModel(modelPath, { widthPx: 160, heightPx: 160 });
  const run = new MapRun(
    {
      modelPath,
      preparation: demoPreparation(160, 160),
      tap: null,
      method,
      secondMethod: null,
      target: { kind: "predicted" },
      seed: 1,
    },
    await model.open(null),
  );
  const results = await run.maps(items, 16);
  await run.close();
  await model.close();
  const weakBelow = weakLimit(
    results.flatMap(({ metrics }) =>
      typeof metrics.raw_max === "number" ? [metrics.raw_max] : [],
    ),
  );
  const scores = results.map(({ error, logits, flags, metrics, artefacts }, no) => {
    if (error || !logits) throw new Error(`${rows[no][0]}: ${JSON.stringify(error)}`);
    const probabilities = softmax(logits);
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    const isCorrect = predicted === items[no].label;
    const confidence = probabilities[predicted];
    const item = { isCorrect, confidence, flags, metrics, artefacts };
    return { no, score: scoreItem(item, { weakBelow }).score };
  });
  return rankSuspects(scores).map((no) => carriers.has(rows[no][0]));
}

function rowsOf(path: string): string[][] {
  const [, ...rows] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  return rows.map((row) => row.split(","));
}
