import { verdicts } from "../../../shared/domain/review.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import {
  agreementWords,
  coefficientWords,
  intervalWords,
} from "../../../shared/messages/rate-words.ts";
import type { DocumentContext } from "./context.ts";
import type { Block, Fact } from "./document.ts";
import { breakable } from "./names.ts";
import { percentOf, score, tenths, whole } from "./numbers.ts";

const disagreementsShown = 40;

/** How well readers agree, in figures and in a sentence; or that nobody can say so. */
export function agreementBlocks({ data, nameOf }: DocumentContext): Block[] {
  const { rates, audit, plans } = data;
  const heading: Block = { kind: "heading", text: message("document.agreement.title") };
  const { agreement } = rates;
  if (!agreement) return [heading, { kind: "paragraph", text: message("document.agreement.none") }];
  const { alpha, kappa, ac1, raw, prevalence, pabak, isReliable, shared } = agreement;
  const planned = plans.at(-1)?.reading.secondReading?.size ?? null;
  const rows: Fact[] = [
    [message("document.agreement.shared"), message("rates.agreement.shared", { n: shared })],
    [message("rates.agreement.alpha"), agreementWords(alpha)],
    ...(kappa
      ? [[message(`rates.agreement.kappa.${kappa.of}`), agreementWords(kappa)] satisfies Fact]
      : []),
    [message("rates.agreement.ac1"), agreementWords(ac1)],
    [message("document.agreement.pabak"), coefficientWords(pabak)],
    [message("rates.agreement.raw"), percentOf(raw)],
    [
      message("rates.agreement.prevalence"),
      percentOf(prevalence[verdicts.indexOf("spurious")] ?? 0),
    ],
  ];
  const nameOfReader = (id: string) =>
    breakable(audit.readers.find((one) => one.id === id)?.name ?? id);
  const sentences = [
    isReliable === null
      ? message("document.agreement.no-alpha")
      : isReliable
        ? message("document.agreement.reliable")
        : message("rates.agreement.weak"),
    ...(planned !== null && shared < planned
      ? [message("document.agreement.under", { n: whole(shared), planned: whole(planned) })]
      : []),
    message("document.agreement.few", { n: shared }),
  ];
  const { disagreements } = rates;
  const more = disagreements.length - disagreementsShown;
  return [
    heading,
    { kind: "paragraph", text: sentences.join(" ") },
    { kind: "facts", rows },
    ...(disagreements.length > 0
      ? [
          {
            kind: "table",
            columns: [
              { head: message("document.agreement.item"), align: "left", width: 3 },
              { head: message("document.agreement.verdicts"), align: "left", width: 5 },
              { head: message("document.agreement.settled"), align: "left", width: 4 },
            ],
            rows: disagreements
              .slice(0, disagreementsShown)
              .map(({ item, verdicts: given, settled }) => [
                nameOf(item),
                given
                  .map(({ reader, verdict }) =>
                    message("document.agreement.given", {
                      name: nameOfReader(reader),
                      verdict: message(`verdict.${verdict}`),
                    }),
                  )
                  .join("; "),
                settled
                  ? message("document.agreement.given", {
                      name: nameOfReader(settled.reader),
                      verdict: message(`verdict.${settled.verdict}`),
                    })
                  : message("document.agreement.open"),
              ]),
          } as const,
        ]
      : []),
    ...(more > 0
      ? [{ kind: "note", text: message("document.agreement.more", { n: whole(more) }) } as const]
      : []),
  ];
}

/** The acceptance test of the plan: decision, bounds, and what the plan lets pass. Nothing where none was planned. */
export function acceptanceBlocks({ data: { rates } }: DocumentContext): Block[] {
  const { acceptance } = rates;
  if (!acceptance) return [];
  const { plan, read, found, decision, interval } = acceptance;
  return [
    { kind: "heading", text: message("document.acceptance.title") },
    {
      kind: "paragraph",
      text: message(`rates.acceptance.${decision}`, { found, read, of: plan.n, c: plan.c }),
    },
    {
      kind: "list",
      items: [
        ...(read > 0
          ? [
              message("rates.acceptance.interval", {
                interval: intervalWords(interval),
                found,
                read,
              }),
            ]
          : []),
        message("rates.acceptance.plan", {
          good: tenths(plan.good),
          bad: tenths(plan.bad),
          atGood: score(plan.acceptAtGood),
          atBad: score(plan.acceptAtBad),
        }),
      ],
    },
  ];
}
