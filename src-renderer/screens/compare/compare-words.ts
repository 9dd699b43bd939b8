import type { BenchItem } from "../../../shared/domain/bench.ts";
import type { EvaluationCause } from "../../../shared/domain/evaluation.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { scoreWords } from "../../review/numbers.ts";

/** "nodule, answer right, probability 0.98"; without a label what was predicted. */
export function answerWords(
  { label, predicted, probability }: BenchItem,
  classNames: readonly string[],
): string {
  if (predicted === null) return "";
  const named = classNames[predicted] ?? String(predicted);
  const shown = probability === null ? "–" : scoreWords(probability);
  if (label === null)
    return message("compare.answer.noLabel", { predicted: named, probability: shown });
  const answer =
    label === named
      ? message("compare.answer.right")
      : message("compare.answer.wrong", { predicted: named });
  return message("compare.answer", { label, answer, probability: shown });
}

/** Pictures left out of a mean, by cause, one cause after another. */
export function excludedWords(
  excluded: Readonly<Partial<Record<EvaluationCause, number>>>,
): string {
  return Object.entries(excluded)
    .map(([cause, n]) => {
      const words = message(`evaluation.cause.${cause as EvaluationCause}`); // keys of a record of causes
      return message("compare.excluded", { cause: words, n });
    })
    .join(", ");
}

/** "4.2 % (1 of 24)"; the fraction alone under ten. */
export function flaggedWords(k: number, n: number): string {
  if (n < 10) return message("compare.flagged.few", { k, n });
  const share = ((100 * k) / n).toFixed(1);
  return message("compare.flagged", { share, k, n }).replace(" %", "\u202f%");
}
