import type { Summary } from "../../shared/contract/audits.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { pictureName } from "../../shared/domain/picture-path.ts";
import { quadrantOf } from "../../shared/domain/quadrant.ts";
import { quadrants, type Quadrant, type Verdict } from "../../shared/domain/review.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import { predictFocus } from "../suspicion/focus.ts";
import { rankSuspects } from "../suspicion/rank.ts";
import { scoreItem } from "../suspicion/score.ts";
import { suspectItems } from "./suspect-items.ts";

/** A run in numbers, with its `top` suspects and why each is one. */
export function summarise(store: AuditReader, runId: RunId, top: number): Summary {
  const run = store.runById(runId);
  const verdicts = latestVerdicts(store);
  const items = [...suspectItems(store, runId)].map((one) => ({
    ...one,
    scored: scoreItem(one.item, run),
  }));
  const counts = Object.fromEntries(quadrants.map((id) => [id, 0])) as Record<Quadrant, number>; // every id is a key
  for (const { no, item, scored } of items) {
    const focus = predictFocus(item, scored);
    counts[quadrantOf(item.isCorrect, verdicts.get(no) ?? null, focus)] += 1;
  }
  counts.unjudged += run.planned - items.length;
  const answered = items.filter(({ item }) => item.isCorrect !== null);
  const byNo = new Map(items.map((one) => [one.no, one]));
  const order = answered.length > 0 ? "suspicion" : "attention";
  const scoreOf = ({ scored }: (typeof items)[number]) =>
    order === "suspicion" ? scored.score : scored.attention;
  const ranked = rankSuspects(items.map((one) => ({ no: one.no, score: scoreOf(one) })));
  return {
    items: run.planned,
    answered: { right: answered.filter(({ item }) => item.isCorrect).length, n: answered.length },
    quadrants: counts,
    failed: run.failed,
    weak: items.filter(({ scored }) => scored.shelf === "weak-map").length,
    order,
    suspects: ranked.slice(0, top).map((no) => {
      const { path, frame, label } = store.item(no);
      const one = byNo.get(no);
      const found = one && scoreOf(one);
      const score = typeof found === "number" ? found : 0;
      return {
        item: no,
        path: pictureName(path, frame),
        label: label ?? "",
        score,
        why: one?.why ?? "",
      };
    }),
  };
}

/** Verdict of the reader who judged last, per item. */
export function latestVerdicts(store: AuditReader): ReadonlyMap<ItemNo, Verdict> {
  const latest = new Map<ItemNo, { no: number; verdict: Verdict | null }>();
  for (const { item, verdict, recordNo } of store.allJudgements()) {
    const known = latest.get(item);
    if (!known || known.no < recordNo) latest.set(item, { no: recordNo, verdict });
  }
  const verdicts = new Map<ItemNo, Verdict>();
  for (const [item, { verdict }] of latest) if (verdict) verdicts.set(item, verdict);
  return verdicts;
}
