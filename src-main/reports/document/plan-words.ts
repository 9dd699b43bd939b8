import { message } from "../../../shared/messages/catalogue.ts";
import type { ReportData, ReportPlan } from "../report-data.ts";
import type { Block, Fact } from "./document.ts";
import { breakable, hash } from "./names.ts";
import { dateOf, percentOf, tenths, whole } from "./numbers.ts";
import { isPlanOpen } from "./plan.ts";

/** Every plan that was frozen, the one in force last; or that none was. */
export function planBlocks(data: ReportData): Block[] {
  const early = data.audit.texts["early-report"].trim();
  const open: Block[] = isPlanOpen(data)
    ? [
        {
          kind: "paragraph",
          text: early
            ? message("document.plan.early", { why: breakable(early) })
            : message("document.plan.open"),
        },
      ]
    : [];
  if (data.plans.length === 0)
    return [
      { kind: "heading", text: message("document.plan.title") },
      { kind: "paragraph", text: message("document.plan.none") },
      ...open,
    ];
  return [
    ...data.plans.flatMap((plan): Block[] => [
      {
        kind: "heading",
        text: message(
          plan === data.plans.at(-1) ? "document.plan.in-force" : "document.plan.replaced",
          { no: plan.no },
        ),
      },
      { kind: "facts", rows: factsOf(plan, data) },
    ]),
    ...open,
  ];
}

function factsOf(plan: ReportPlan, { audit }: ReportData): Fact[] {
  const { sample, reading, acceptance } = plan;
  const nameOf = (id: string | null) =>
    breakable(audit.readers.find((one) => one.id === id)?.name ?? id ?? "");
  const names = (ids: readonly string[], none: string) => ids.map(nameOf).join(", ") || none;
  const frozen =
    plan.readerId === null
      ? dateOf(plan.at)
      : message("document.plan.frozen.by", {
          date: dateOf(plan.at),
          name: nameOf(plan.readerId),
        });
  const second = reading.secondReading;
  const wish =
    sample.wish.kind === "margin"
      ? message("document.plan.wish.margin", { margin: tenths(sample.wish.margin) })
      : message("document.plan.wish.size");
  const facts: (Fact | null)[] = [
    [message("document.plan.frozen"), frozen],
    plan.reason.trim() ? [message("document.plan.reason"), breakable(plan.reason)] : null,
    [
      message("document.plan.sample"),
      message("document.plan.sample.value", {
        n: whole(sample.size),
        population: whole(plan.population),
        wish,
      }),
    ],
    [message("document.settings.seed"), String(sample.seed)],
    [
      message("document.plan.strata"),
      sample.strata.length === 0
        ? message("document.plan.strata.none")
        : message("document.plan.strata.value", {
            kinds: sample.strata.map((kind) => message(`rates.group.${kind}`)).join(", "),
            n: sample.parts.length,
            allocation: message(`document.plan.allocation.${sample.allocation}`),
            parts: partWords(plan),
          }),
    ],
    [message("document.plan.blind"), message(`document.plan.blind.${reading.blind}`)],
    [message("document.plan.order"), message(`document.plan.order.${reading.order}`)],
    [message("document.plan.first"), names(reading.first, message("document.plan.anyone"))],
    [
      message("document.plan.second"),
      second
        ? message(
            second.allSpurious ? "document.plan.second.spurious" : "document.plan.second.value",
            {
              n: whole(second.size),
              names: names(reading.second, message("document.plan.anyone.other")),
            },
          )
        : message("document.plan.second.none"),
    ],
    acceptance
      ? [
          message("document.plan.acceptance"),
          message("document.plan.acceptance.value", {
            c: acceptance.c,
            n: whole(acceptance.n),
            good: percentOf(acceptance.good),
            bad: percentOf(acceptance.bad),
          }),
        ]
      : null,
    [message("document.plan.list"), hash(sample.listSha256)],
    [message("document.plan.hash"), hash(plan.hash)],
  ];
  return facts.filter((fact) => fact !== null);
}

const partsShown = 12;

/** "nodule 20 of 60": drawn and members by stratum. */
function partWords({ sample: { parts } }: ReportPlan): string {
  const shown = parts.slice(0, partsShown).map(({ cells, size, drawn }) => {
    const name = cells.map((cell) => cell.filter(Boolean).join(" ")).join("/");
    const words = { name: breakable(name || message("document.plan.part.rest")) };
    return message("document.plan.part", { ...words, drawn: whole(drawn), size: whole(size) });
  });
  return parts.length > partsShown ? `${shown.join(", ")}, …` : shown.join(", ");
}
