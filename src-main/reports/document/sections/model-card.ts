import { methods } from "../../../../shared/domain/methods.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Fact, Section } from "../document.ts";
import { breakable, hash, muted, stated } from "../names.ts";
import { rateOf } from "../numbers.ts";
import { causeOf, ratePhrase } from "../rates.ts";

/** B: the model on one page, after Mitchell et al. 2019; what the audit does not know is said to be unknown. */
export function modelCardSection({ data, figures }: DocumentContext): Section {
  const { audit, run, rates } = data;
  const used = audit.models.find(({ id }) => id === run?.modelId) ?? audit.models[0];
  const unknown = muted(message("document.card.unknown"));
  const off = rates.quadrants?.["right-off"];
  const rows: Fact[] = [
    [message("document.card.model"), used ? breakable(used.fileName) : unknown],
    ...(used ? [[message("document.settings.model"), hash(used.sha256)] satisfies Fact] : []),
    [message("document.scope.intended-use"), stated(audit.texts["intended-use"])],
    [message("document.scope.audience"), stated(audit.texts.audience)],
    [message("document.card.out-of-scope"), unknown],
    [
      message("document.card.factors"),
      audit.classes.length > 0 ? cutWords(audit.classes) : unknown,
    ],
    [message("document.card.training"), unknown],
    [
      message("document.card.evaluation"),
      message("document.card.evaluation.value", { n: data.items.length }),
    ],
    [
      message("document.summary.accuracy"),
      figures.accuracy.n > 0
        ? message("document.summary.accuracy.value", { rate: rateOf(figures.accuracy) })
        : unknown,
    ],
    [
      message("document.cover.headline"),
      off
        ? ratePhrase(off)
        : message("document.findings.not-measured", {
            cause: rates.cause === null ? message("document.cover.no-answers") : causeOf(rates),
          }),
    ],
    [message("document.card.maps"), run ? methods[run.method].label : unknown],
    [message("document.card.caveats"), stated(audit.texts.limits)],
  ];
  return {
    id: "B",
    title: message("document.card.title"),
    flow: "whole",
    blocks: [
      { kind: "facts", rows },
      { kind: "note", text: message("document.card.note") },
    ],
  };
}

const namesShown = 20;

function cutWords(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).map(breakable).join(", ");
  return names.length > namesShown ? `${shown}, …` : shown;
}
