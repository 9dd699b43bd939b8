import type { Judgement, Reason } from "../../../shared/domain/review.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { Count } from "../../../shared/statistics/proportion.ts";
import type { ReportItem } from "../report-data.ts";
import type { DocumentContext } from "./context.ts";
import { breakable } from "./names.ts";
import { isUnreliable } from "./reliability.ts";
import { kOfN, percentOf, whole } from "./numbers.ts";
import { causeOf, ratePhrase } from "./rates.ts";

/** The result in sentences made of counts, where nobody has written it in their own. */
export function resultWords({ data, figures }: DocumentContext): string[] {
  if (!data.run) return [message("document.result.no-run")];
  const { accuracy, sample } = figures;
  const answers =
    accuracy.n === 0
      ? message("document.result.no-labels")
      : message("document.result.accuracy", {
          rate: percentOf(accuracy.k / accuracy.n),
          fraction: kOfN(accuracy),
        });
  const measured = sample?.rates.quadrants?.["right-off"];
  if (sample && measured) {
    const rate = ratePhrase(measured);
    const off = sample.read.filter(
      ({ item, verdict }) => item.correct === true && verdict === "spurious",
    );
    const key = isUnreliable(data) ? "document.result.sampled.gated" : "document.result.sampled";
    return [
      `${answers} ${message(key, { rate })}`,
      [
        classWords(off.map(({ item }) => item)),
        reasonWords(off.flatMap(({ judgement }) => judgement ?? [])),
      ]
        .filter(Boolean)
        .join(" "),
    ].filter(Boolean);
  }
  const noRate =
    data.rates.cause === "not-read" || data.rates.cause === null
      ? message("document.result.not-read")
      : message("document.result.no-rate", { cause: causeOf(data.rates) });
  if (accuracy.n === 0) return [answers, noRate];
  const n = figures.judged["right-off"] + figures.predicted["right-off"];
  const basis = data.audit.hasEvidence
    ? "document.result.predicted"
    : "document.result.predicted.no-evidence";
  const suspected = message(isUnreliable(data) ? "document.result.predicted.gated" : basis, {
    n,
    shown: whole(n),
  });
  return [
    [
      answers,
      n > 0 ? suspected : "",
      classWords(data.items.filter(({ quadrant }) => quadrant === "right-off")),
    ]
      .filter(Boolean)
      .join(" "),
    noRate,
  ];
}

/** The class that most of the images are given as, where that is more than half of ten or more. */
function classWords(items: readonly ReportItem[]): string {
  const off = items.filter(({ label }) => label !== null);
  const counts = new Map<string, number>();
  for (const { label } of off) counts.set(label ?? "", (counts.get(label ?? "") ?? 0) + 1);
  const [first] = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (!first || off.length < 10 || first[1] <= off.length / 2) return "";
  const count: Count = { k: first[1], n: off.length };
  return message("document.result.class", { fraction: kOfN(count), name: breakable(first[0]) });
}

const reasonsShown = 3;

/** The reasons that readers gave most often. */
function reasonWords(judgements: readonly Judgement[]): string {
  const counts = new Map<Reason, number>();
  for (const reason of judgements.flatMap(({ reasons }) => reasons))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size === 0) return "";
  const words = [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, reasonsShown)
    .map(([reason, n]) =>
      message("document.result.reason", { reason: message(`reason.${reason}`), n: whole(n) }),
    );
  return message("document.result.reasons", { reasons: words.join("; ") });
}
