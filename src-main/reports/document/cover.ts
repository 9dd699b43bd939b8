import { message } from "../../../shared/messages/catalogue.ts";
import { methods } from "../../../shared/domain/methods.ts";
import type { ReportData } from "../report-data.ts";
import { barOf, plotOf, scaleTo } from "./charts.ts";
import type { DocumentContext } from "./context.ts";
import type { Bar, Cover, Fact, Headline, Picture } from "./document.ts";
import { places, type PlaceCounts } from "./figures.ts";
import { breakable, cutShort, sentence, stated, unbroken } from "./names.ts";
import { dateOf, hashOf, isSmall, kOfN, score, tenths, whole } from "./numbers.ts";
import { intervalWords } from "../../../shared/messages/rate-words.ts";
import { causeOf, methodOf } from "./rates.ts";
import { pictureName } from "./pictures.ts";
import { isPlanOpen } from "./plan.ts";
import { isUnreliable, reliabilityWords, sheetOf } from "./reliability.ts";
import { resultWords } from "./result-words.ts";

/** What the cover has room for; section 1 and 2 hold the whole. */
const summaryLetters = 600;
const purposeLetters = 160;
const earlyLetters = 240;

/** The first page: the result in one figure and in words. */
export function coverOf(context: DocumentContext): Cover {
  return {
    subtitle: subtitleOf(context.data),
    headline: headlineOf(context),
    result: {
      title: message("document.cover.result"),
      paragraphs: resultParagraphs(context),
    },
    bar: barOfCover(context),
    facts: factsOf(context),
    picture: pictureOf(context),
    signers: signersOf(context.data),
    sentences: [message("document.limits.heat"), message("document.limits.suspicion")].join(" "),
  };
}

/** Whether the maps can be believed is said first where they cannot, else last. */
function resultParagraphs(context: DocumentContext): string[] {
  const { data } = context;
  const written = data.audit.texts.summary.trim();
  const reliability = data.run ? reliabilityWords(data) : "";
  const early = data.audit.texts["early-report"].trim();
  const room = summaryLetters - reliability.length - Math.min(early.length, earlyLetters);
  const words = written ? [breakable(cutShort(written, room))] : resultWords(context);
  if (early && isPlanOpen(data))
    words.unshift(
      message("document.cover.early", { why: breakable(cutShort(early, earlyLetters)) }),
    );
  if (!data.run) return words;
  return isUnreliable(data) ? [reliability, ...words] : [...words, reliability];
}

/** The random sample where it has been read, else everything. */
function barOfCover({ data, figures }: DocumentContext): Bar | null {
  const { sample, judged, predicted } = figures;
  if (data.items.length === 0) return null;
  if (!sample?.rates.quadrants)
    return barOf(
      message("document.cover.bar.all", { n: whole(data.items.length) }),
      sum(judged, predicted),
    );
  const n = whole(sample.rates.read);
  return barOf(message("document.cover.bar.sample", { n }), sample.counts);
}

function subtitleOf({ audit, model, items }: ReportData): string {
  const counts = { n: items.length, shown: whole(items.length) };
  if (!model) return message("document.cover.images", counts);
  return message("document.cover.subtitle", {
    ...counts,
    model: breakable(model.fileName),
    classes: audit.classes.length,
  });
}

/** "240 images, 160 patients or groups, 4 classes". */
function contentsOf({ audit, items }: ReportData): string {
  const groups = new Set(items.flatMap(({ group }) => group ?? [])).size;
  return [
    message("document.cover.images", { n: items.length, shown: whole(items.length) }),
    ...(groups > 0 ? [message("document.cover.groups", { n: groups, shown: whole(groups) })] : []),
    message("document.cover.classes", { n: audit.classes.length }),
  ].join(", ");
}

function headlineOf({ data, figures }: DocumentContext): Headline {
  const title = message("document.cover.headline");
  const { sample } = figures;
  const none = { title, unit: "", plot: null };
  if (!data.run)
    return { ...none, figure: "–", lines: [message("document.cover.no-run")], note: "" };
  const rate = sample?.rates.quadrants?.["right-off"];
  if (!rate) {
    const [judged, predicted] = [figures.judged["right-off"], figures.predicted["right-off"]];
    const counts = {
      n: whole(data.items.length),
      judged: whole(judged),
      predicted: whole(predicted),
    };
    const line = message(judged > 0 ? "document.cover.mixed" : "document.cover.predicted", counts);
    const cause =
      data.rates.cause === null ? message("document.cover.no-answers") : causeOf(data.rates);
    return {
      ...none,
      figure: whole(judged + predicted),
      lines: [line],
      note: message("document.cover.no-rate", { cause }),
    };
  }
  const plot = plotOf({ at: rate.p, ...rate.interval }, true);
  const figure = isSmall(rate)
    ? { figure: kOfN(rate), unit: "", lines: [] }
    : {
        figure: tenths(rate.p),
        unit: "%",
        lines: [message("document.cover.sampled", { fraction: kOfN(rate) })],
      };
  return {
    title,
    ...figure,
    plot: { ...plot, scale: scaleTo(plot.high) },
    note: message("document.cover.interval", {
      interval: intervalWords(rate.interval),
      method: methodOf(rate),
    }),
  };
}

function factsOf({ data, figures }: DocumentContext): Fact[] {
  const { audit, run, model } = data;
  const readers = audit.readers.filter(({ id }) =>
    [...figures.verdictOf.values()].some(({ readerId }) => readerId === id),
  );
  const facts: (Fact | null)[] = [
    [message("document.cover.fact.audit"), contentsOf(data)],
    model && [
      message("document.cover.fact.model"),
      `${breakable(model.fileName)}, ${hashOf(model.sha256, 8)}\u202f…`,
    ],
    [message("document.cover.fact.purpose"), stated(cutShort(audit.texts.purpose, purposeLetters))],
    run && [
      message("document.cover.fact.method"),
      `${methods[run.method].label}, ${run.tap.grid[2]} × ${run.tap.grid[1]}`,
    ],
    run && [
      message("document.cover.fact.sheet"),
      message(`sheet.state.${sheetOf(data)?.verdict ?? "not-made"}`),
    ],
    planFact(data),
    figures.sample && [
      message("document.cover.fact.sample"),
      message("document.cover.fact.sample.value", {
        fraction: kOfN({ k: data.rates.read, n: data.rates.size }),
        seed: data.rates.seed,
      }),
    ],
    [
      message("document.cover.fact.readers"),
      readers.map(({ name }) => breakable(name)).join(", ") ||
        message("document.cover.fact.no-readers"),
    ],
    [message("document.cover.fact.written"), dateOf(data.builtAt)],
  ];
  return facts.filter((fact) => fact !== null);
}

/** "Plan 1, frozen 3 March 2026"; nothing before one was frozen. */
function planFact({ plans }: ReportData): Fact | null {
  const plan = plans.at(-1);
  if (!plan) return null;
  const words = { no: plan.no, date: dateOf(plan.at) };
  return [message("document.cover.fact.plan"), message("document.cover.fact.plan.value", words)];
}

/** Who is asked to sign, over a line each: empty in a draft, whose signers nobody has named. */
function signersOf({ revision }: ReportData): Cover["signers"] {
  return revision.signers.slice(0, signersShown).map(({ name, role, meaning }) => ({
    name: breakable(cutShort(name, signerLetters)),
    role,
    meaning: message("document.cover.signer", { meaning }),
  }));
}

/** Two lines of two; section 13 names everybody. */
const signersShown = 4;
const signerLetters = 60;

/** The overlay of the first case that has one. */
function pictureOf({ data, nameOf, itemOf }: DocumentContext): Picture | null {
  const plate = data.plates.find(({ overlay }) => overlay !== null);
  const file = plate && pictureName(plate, "overlay");
  if (!plate || !file) return null;
  const item = itemOf(plate.item);
  const words = { name: nameOf(plate.item), summary: sentence(plate.summary) };
  const caption =
    item?.predicted && item.confidence !== null
      ? message("document.cover.picture", {
          ...words,
          predicted: breakable(item.predicted),
          confidence: score(item.confidence),
        })
      : message("document.cover.picture.unlabelled", words);
  return { file, alt: unbroken(message("document.cases.alt.overlay", words)), caption };
}

function sum(a: PlaceCounts, b: PlaceCounts): PlaceCounts {
  const counts = { ...a };
  for (const place of places) counts[place] = a[place] + b[place];
  return counts;
}
