import {
  isReference,
  type BenchColumn,
  type BenchMapId,
  type BenchPair,
  type Recommendation,
  type Refusal,
} from "../../shared/domain/bench.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { isGated } from "../../shared/domain/sheet-words.ts";
import { message, type MessageKey } from "../../shared/messages/catalogue.ts";

/** A method under this share of flagged maps may be recommended. */
const mostFlagged = 0.05;
const mustBeat = ["centre", "edges"] as const;

type Column = Pick<BenchColumn, "id" | "forwards" | "images" | "flagged" | "sheet" | "metrics">;
type Difference = Pick<BenchPair, "interval">;

/**
 * Which method to use, in one sentence. Candidates passed their sanity checks and have under 5 % flagged maps; they are
 * ordered by energy lift where there are masks, else by ROAD. All whose paired 95 % interval against the leader includes 0
 * tie, and of those that are better than a centred Gaussian and Sobel the cheapest wins; if none is, none can be
 * recommended. `differenceOf(a, b)` is the paired difference a − b of the score; null where no image has both.
 */
export function recommendMethod(
  columns: readonly Column[],
  score: Recommendation["score"],
  differenceOf: (a: BenchMapId, b: BenchMapId) => Difference | null,
): Recommendation {
  const refused: { method: MethodId; why: Refusal }[] = [];
  const candidates = columns.flatMap((column) => {
    if (isReference(column.id)) return [];
    const why = refusalOf(column, score);
    if (why) refused.push({ method: column.id, why });
    return why ? [] : [{ ...column, id: column.id, mean: meanOf(column, score) ?? -Infinity }];
  });
  const isSheetKnown = candidates.every(({ sheet }) => sheet !== "not-made");
  const base = { score, refused, isSheetKnown };
  const none = { ...base, method: null, leader: null, tied: [] };
  if (score === null) return { ...none, sentence: message("bench.sentence.none.score") };
  const [leader, ...others] = candidates.toSorted((a, b) => b.mean - a.mean);
  if (!leader) return { ...none, sentence: message("bench.sentence.none.candidates") };

  const tied = [
    leader,
    ...others.filter(({ id }) => {
      const difference = differenceOf(leader.id, id);
      return !difference || difference.interval.low <= 0;
    }),
  ];
  const unbeaten = (id: MethodId) =>
    mustBeat.filter((reference) => {
      const difference = differenceOf(id, reference);
      return !difference || difference.interval.low <= 0;
    });
  const [winner] = tied
    .filter(({ id }) => unbeaten(id).length === 0)
    .toSorted((a, b) => a.forwards - b.forwards || b.mean - a.mean);
  const words = (column: Column) => scoreWords(column, score);
  const sentenceOf = (): string => {
    if (!winner)
      return message("bench.sentence.none.references", {
        ...words(leader),
        references: listed(unbeaten(leader.id).map((id) => message(`reference.${id}`))),
      });
    const rivals = tied.filter(({ id }) => id !== winner.id);
    if (rivals.length === 0) return message("bench.sentence.alone", words(winner));
    return message("bench.sentence.tied", {
      ...words(winner),
      others: listed(rivals.map(({ id }) => methods[id].label)),
      forwards: winner.forwards.toFixed(winner.forwards < 10 ? 2 : 0),
    });
  };
  const sentence = sentenceOf();
  return {
    ...base,
    method: winner?.id ?? null,
    leader: leader.id,
    tied: tied.map(({ id }) => id),
    sentence: isSheetKnown ? sentence : message("bench.sentence.unchecked", { sentence }),
  };
}

function refusalOf(column: Column, score: Recommendation["score"]): Refusal | null {
  if (isGated(column.sheet)) return "sheet-failed";
  if (column.images > 0 && column.flagged / column.images >= mostFlagged) return "flagged";
  return score !== null && meanOf(column, score) === null ? "no-score" : null;
}

function metricOf({ metrics }: Column, score: Recommendation["score"]) {
  return metrics.find(({ id }) => id === score);
}

function meanOf(column: Column, score: Recommendation["score"]): number | null {
  return metricOf(column, score)?.mean ?? null;
}

function scoreWords(column: Column, score: NonNullable<Recommendation["score"]>) {
  const found = metricOf(column, score);
  const figure = (value: number | null | undefined) => (value ?? NaN).toFixed(2);
  return {
    method: isReference(column.id) ? "" : methods[column.id].label,
    score: message(`evaluation.${score}` satisfies MessageKey),
    mean: figure(found?.mean),
    low: figure(found?.interval?.low),
    high: figure(found?.interval?.high),
  };
}

/** "a", "a and b", "a, b and c". */
function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return message("bench.and", {
    first: words.slice(0, -1).join(", "),
    last: words[words.length - 1],
  });
}
