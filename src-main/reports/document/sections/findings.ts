import { message } from "../../../../shared/messages/catalogue.ts";
import type { Count } from "../../../../shared/statistics/proportion.ts";
import type { ReportData, ReportFinding } from "../../report-data.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Fact, Row, Section, TableBlock } from "../document.ts";
import { breakable, muted } from "../names.ts";
import { hasEvidence } from "../../../../shared/domain/finding.ts";
import { wilson } from "../../../../shared/statistics/proportion.ts";
import { fullScale, plotOf } from "../charts.ts";
import { intervalOf, isSmall, kOfN, percentOf, rateOf, score, whole } from "../numbers.ts";
import { ratePhrase } from "../rates.ts";
import { testBlocks } from "../tests.ts";
import { casesSection, platesBlock } from "./cases.ts";

/** 9: findings, each with its statement, plate, numbers and recommendation; then the other chosen cases. */
export function findingsSection(context: DocumentContext): Section {
  const { data } = context;
  const { findings } = data;
  if (findings.length === 0) {
    const cases = casesSection(context);
    return {
      id: "9",
      title: message("document.findings.title"),
      flow: cases ? "page" : "on",
      blocks: [
        { kind: "paragraph", text: message("document.findings.none") },
        ...(cases
          ? [{ kind: "heading", text: message("document.cases.title") } as const, ...cases.blocks]
          : []),
      ],
    };
  }
  const shown = new Set(findings.flatMap(({ finding }) => finding.plate));
  const others = data.plates.filter(({ item }) => !shown.has(item));
  const cases = casesSection({ ...context, data: { ...data, plates: others } });
  return {
    id: "9",
    title: message("document.findings.title"),
    flow: "page",
    blocks: [
      {
        kind: "paragraph",
        text: message("document.findings.intro", {
          n: findings.length,
          shown: whole(findings.length),
        }),
      },
      ...findings.flatMap((one, i) => blocksOf(context, one, i + 1)),
      ...(cases
        ? [{ kind: "heading", text: message("document.findings.cases") } as const, ...cases.blocks]
        : []),
    ],
  };
}

function blocksOf(context: DocumentContext, one: ReportFinding, no: number): Block[] {
  const { finding, numbers } = one;
  const words = (text: string): Block[] =>
    text.trim() === "" ? [] : [{ kind: "paragraph", text: breakable(text.trim()) }];
  const plates = context.data.plates.filter(({ item }) => finding.plate.includes(item));
  const inOrder = finding.plate.flatMap(
    (item) => plates.find((plate) => plate.item === item) ?? [],
  );
  return [
    {
      kind: "heading",
      text: message("document.findings.name", {
        no,
        title: breakable(finding.title || message("findings.untitled")),
      }),
      tag: {
        text: message(`findings.severity.${finding.severity}`),
        isAccent: finding.severity === "critical" || finding.severity === "major",
      },
    },
    ...words(finding.statement),
    ...(hasEvidence(finding)
      ? []
      : [{ kind: "paragraph", text: message("document.findings.no-evidence") } as const]),
    ...(inOrder.length > 0
      ? [
          platesBlock(context, inOrder, (at) =>
            message("document.findings.plate", { no, letter: letters[at] ?? "" }),
          ),
        ]
      : []),
    ...testBlocks(context, finding.tests),
    ...(numbers.accuracy
      ? [{ kind: "heading", text: message("findings.accuracy") } as const, accuracyTable(one)]
      : []),
    { kind: "facts", rows: factsOf(context, one) },
  ];
}

const letters = "abcdef";

function factsOf({ data }: DocumentContext, { finding, numbers }: ReportFinding): Fact[] {
  const { rate, rateCause } = numbers;
  const owner = data.audit.readers.find(({ id }) => id === finding.owner)?.name;
  const fact = (key: FactKey, value: string): Fact[] =>
    value.trim() === "" ? [] : [[message(`document.findings.fact.${key}`), value.trim()]];
  const measured = rate
    ? ratePhrase(rate)
    : message("document.findings.not-measured", {
        cause: rateCause ? message(`findings.rate.cause.${rateCause}`) : "",
      });
  const changed = numbers.noLongerSpurious.length;
  return [
    ...fact("severity", message(`findings.severity.${finding.severity}.means`)),
    ...fact("harm", breakable(finding.harm)),
    ...fact("state", message(`findings.state.${finding.state}`)),
    ...fact("items", message("findings.items", { n: finding.items.length })),
    ...fact("rate", measured),
    ...fact("changed", changed > 0 ? message("findings.changed", { n: changed }) : ""),
    ...fact("shortcut", finding.shortcut ? message(`reason.${finding.shortcut}`) : ""),
    ...fact("classes", finding.classes.map(breakable).join(", ")),
    ...fact("subgroup", breakable(finding.subgroup)),
    ...fact(
      "sites",
      numbers.sites
        .map(({ name, k, of }) =>
          message("document.findings.site", { name: breakable(name), count: kOfN({ k, n: of }) }),
        )
        .join("; "),
    ),
    ...fact("tests", testWords(data.tests, finding.tests)),
    ...fact(
      "recommendation",
      finding.recommendations.map((one) => message(`findings.recommendation.${one}`)).join(", "),
    ),
    ...fact("advice", breakable(finding.advice)),
    ...fact("owner", owner ? breakable(owner) : ""),
  ];
}

/** What the attached region tests showed: how the score changed, and how often the answer. */
function testWords(tests: ReportData["tests"], ids: readonly string[]): string {
  if (ids.length === 0) return "";
  const own = tests.filter(({ id }) => ids.includes(id));
  const attached = message("findings.tests.count", { n: ids.length });
  if (own.length === 0) return attached;
  const changes = own
    .map(({ result }) => result.scoreAfter - result.scoreBefore)
    .toSorted((a, b) => a - b);
  const half = Math.floor(changes.length / 2);
  const median = changes.length % 2 === 1 ? changes[half] : (changes[half - 1] + changes[half]) / 2;
  return message("document.findings.tests", {
    attached,
    median: score(median),
    k: whole(own.filter(({ result }) => result.classAfter !== result.classBefore).length),
    n: whole(own.length),
  });
}

type FactKey =
  | "severity"
  | "harm"
  | "state"
  | "items"
  | "rate"
  | "changed"
  | "shortcut"
  | "classes"
  | "subgroup"
  | "sites"
  | "tests"
  | "recommendation"
  | "advice"
  | "owner";

/** Right answers with and without its items, each with its n and Wilson's interval. */
function accuracyTable({ numbers: { accuracy, classes } }: ReportFinding): TableBlock {
  const row = (words: string, count: Count, isAccent = false): Row => [
    words,
    kOfN(count),
    ...(count.n === 0
      ? ["", muted(rateOf(count)), ""]
      : [
          plotOf({ at: count.k / count.n, ...wilson(count) }, isAccent),
          isSmall(count) ? muted(percentOf(count.k / count.n)) : percentOf(count.k / count.n),
          muted(intervalOf(count)),
        ]),
  ];
  return {
    kind: "table",
    columns: [
      { head: message("document.findings.group"), align: "left", width: 5 },
      { head: message("findings.accuracy.items"), align: "right", width: null },
      { head: "", align: "left", width: 4, scale: fullScale },
      { head: message("document.column.rate"), align: "right", width: null },
      { head: message("document.findings.accuracy.rate"), align: "right", width: null },
    ],
    rows: [
      ...(accuracy
        ? [
            row(message("findings.accuracy.all"), accuracy.all),
            row(message("findings.accuracy.without"), accuracy.without),
            row(message("findings.accuracy.within"), accuracy.within, true),
          ]
        : []),
      ...classes.flatMap(({ name, within, without }) => [
        row(message("findings.accuracy.class-within", { name: breakable(name) }), within, true),
        row(message("findings.accuracy.class-without", { name: breakable(name) }), without),
      ]),
    ],
  };
}
