import type { Overview } from "../../shared/contract/overview.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { quadrantOf } from "../../shared/domain/quadrant.ts";
import type { PlacedQuadrant } from "../../shared/domain/rates.ts";
import type { Verdict } from "../../shared/domain/review.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import { countedVerdicts } from "./rates.ts";

const suspicionBins = 24;

/** What the dataset looks like in one run, or without any: quadrants as judged and as predicted, and each class. */
export function overviewOf(store: AuditReader, run: RunId | null): Overview {
  const predictions = new Map(run ? store.predictions(run).map((one) => [one.item, one]) : []);
  const measures = new Map(run ? [...store.measures(run)].map((one) => [one.item, one]) : []);
  const verdicts: ReadonlyMap<ItemNo, Verdict> = countedVerdicts(store);
  const judged = zeros();
  const predicted = zeros();
  let unplaced = 0;
  const classes = new Map<string, ReturnType<typeof newClass>>();
  for (const name of store.classes()) classes.set(name, newClass(name));
  const answered = { right: 0, n: 0 };
  for (const { no, label } of store.allItems()) {
    const correct = predictions.get(no)?.correct ?? null;
    const measure = measures.get(no);
    const verdict = verdicts.get(no) ?? null;
    const quadrant = quadrantOf(correct, verdict, measure?.predictedFocus ?? "unjudged");
    if (quadrant === "unjudged") unplaced += verdict ? 0 : 1;
    else (verdict ? judged : predicted)[quadrant] += 1;
    if (correct !== null) count(answered, correct);
    if (label === null) continue;
    const own = classes.get(label) ?? newClass(label);
    classes.set(label, own);
    own.items += 1;
    if (correct !== null) count(own.answered, correct);
    const { inside_energy: inside, suspicion } = measure?.measures ?? {};
    if (typeof inside === "number") {
      own.insideSum += inside;
      own.insideN += 1;
    }
    if (typeof suspicion === "number")
      own.suspicion[Math.min(suspicionBins - 1, Math.floor(suspicion * suspicionBins))] += 1;
  }
  return {
    judged,
    predicted,
    unplaced,
    answered,
    classes: [...classes.values()]
      .filter(({ items }) => items > 0)
      .map(({ insideSum, insideN, ...one }) => ({
        ...one,
        inside: insideN > 0 ? { mean: insideSum / insideN, n: insideN } : null,
      })),
  };
}

function newClass(name: string) {
  return {
    name,
    items: 0,
    answered: { right: 0, n: 0 },
    insideSum: 0,
    insideN: 0,
    suspicion: new Array<number>(suspicionBins).fill(0),
  };
}

function count(answered: { right: number; n: number }, isRight: boolean): void {
  answered.n += 1;
  answered.right += isRight ? 1 : 0;
}

function zeros(): Record<PlacedQuadrant, number> {
  return { "right-on": 0, "right-off": 0, "wrong-on": 0, "wrong-off": 0 };
}
