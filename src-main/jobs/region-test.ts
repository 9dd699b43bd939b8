import { randomUUID } from "node:crypto";
import type { Run } from "../../shared/contract/audits.ts";
import type {
  CommandId,
  ItemNo,
  ReaderId,
  RegionId,
  RunId,
  TestId,
} from "../../shared/domain/ids.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { FillId, MeasuredTest, RegionTest } from "../../shared/domain/region-test.ts";
import type { Shape } from "../../shared/domain/review.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { positivePart } from "../../shared/heatmap/regions.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { EngineClient } from "../engine/client.ts";
import type { RegionTestCall } from "../engine/protocol.ts";
import { itemEvidence, itemPath, type OpenedAudit } from "./opened-audit.ts";

export interface RegionTestWish {
  readonly run: RunId;
  readonly item: ItemNo;
  readonly where: { readonly region: RegionId } | { readonly shape: Shape };
  readonly fill: FillId;
  readonly controls: number;
  readonly seed: number;
}

/**
 * Tests a region of one item with the model of a run, and keeps what came of it as an action of `by`, which they can undo. It is a job beside
 * the runs: in a busy engine its passes go between a run's. Fails with the catalogue's `test/…` and `image/…`.
 */
export async function runRegionTest(
  audit: OpenedAudit,
  engine: EngineClient,
  by: ReaderId | null,
  wish: RegionTestWish,
): Promise<RegionTest> {
  const { store, jobs } = audit;
  store.mustBeWritable();
  const region = "region" in wish.where ? wish.where.region : null;
  const shape =
    "region" in wish.where ? shapeOf(audit, wish.item, wish.where.region) : wish.where.shape;
  const call = callOf(audit, wish, shape);
  const id = randomUUID() as TestId; // the one place that makes them
  let kept: RegionTest | null = null;
  const job = jobs.add({
    kind: "test",
    title: message("jobs.test.title", { item: store.item(wish.item).path }),
    run: wish.run,
    planned: 1,
    work: async (control) => {
      control.setRunning();
      const result = rounded(await engine.call("regionTest", call, control.signal));
      const { run, item, fill, seed } = wish;
      const test = { item, run, region, shape, fill, seed, result };
      const body = { kind: "test.run", test: id, ...test } as const;
      const { at } = by
        ? store.apply({ id: randomUUID() as CommandId, readerId: by, ...body }) // an id of its own, as every command has
        : store.addRegionTest(body);
      control.report({ tried: 1 });
      kept = { ...test, id, readerId: by, at };
    },
  });
  const { cause } = await jobs.ended(job.id);
  if (cause) throw new AppError(cause.code, cause.details);
  return kept ?? fail("test/cancelled", {});
}

function shapeOf({ store }: OpenedAudit, item: ItemNo, region: RegionId): Shape {
  const found = store.regions(item).find(({ id }) => id === region);
  return found?.shape ?? fail("test/no-region", { region, item });
}

function callOf(audit: OpenedAudit, wish: RegionTestWish, shape: Shape): RegionTestCall {
  const { store } = audit;
  const run = store.runById(wish.run);
  const model = store.model(run.modelId);
  const map = store.readMap(run.id, wish.item);
  const values = map && fromZero(map.values, methods[run.method].zero);
  return {
    modelPath: model.path,
    modelSha256: model.description.sha256,
    preparation: model.preparation,
    path: itemPath(audit, wish.item),
    shape,
    evidence: itemEvidence(audit, wish.item),
    map: map && values && { heat: positivePart(values), height: map.height, width: map.width },
    target: targetOf(audit, run, wish.item, map?.target ?? null),
    fill: wish.fill,
    controls: wish.controls,
    seed: wish.seed,
  };
}

/** The class that the item's map speaks for; where there is none, the one it would. null: the predicted class. */
function targetOf(
  { store }: OpenedAudit,
  { target, modelId }: Run,
  item: ItemNo,
  mapped: number | null,
): number | null {
  if (target.kind === "top-2") return null;
  if (mapped !== null) return mapped;
  if (target.kind === "class") return target.index;
  if (target.kind === "predicted") return null;
  const { label } = store.item(item);
  const index = label === null ? -1 : store.model(modelId).classNames.indexOf(label);
  return index < 0 ? null : index;
}

/** Six decimals: a record is read by people, and float32 has no more. */
function rounded(test: MeasuredTest): MeasuredTest {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return {
    ...test,
    scoreBefore: round(test.scoreBefore),
    scoreAfter: round(test.scoreAfter),
    covered: round(test.covered),
    second: { ...test.second, scoreAfter: round(test.second.scoreAfter) },
    controls: test.controls.map(({ x, y, w, h, drop }) => ({
      x: round(x),
      y: round(y),
      w: round(w),
      h: round(h),
      drop: round(drop),
    })),
  };
}
