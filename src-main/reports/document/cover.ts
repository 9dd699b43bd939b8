import { message } from "../../../shared/messages/catalogue.ts";
import { methods } from "../../../shared/domain/methods.ts";
import type { ReportData } from "../report-data.ts";
import { barOf, plotOf, scaleTo } from "./charts.ts";
import type { DocumentContext } from "./context.ts";
import type { Bar, Cover, Fact, Headline, Picture } from "./document.ts";
import { places, type PlaceCounts } from "./figures.ts";
import { breakable, cutShort, sentence, stated, unbroken } from "./names.ts";
import { dateOf, hashOf, intervalOf, isSmall, kOfN, score, tenths, whole } from "./numbers.ts";
import { pictureName } from "./pictures.ts";
import { isUnreliable, reliabilityWords, sheetOf } from "./reliability.ts";
import { resultWords } from "./result-words.ts";

/** What the cover has room for; section 1 and 2 hold the whole. */
const summaryLetters = 600;
const purposeLetters = 160;

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
    sentences: [message("document.limits.heat"), message("document.limits.suspicion")].join(" "),
  };
}

/** Whether the maps can be believed is said first where they cannot, else last. */
function resultParagraphs(context: DocumentContext): string[] {
  const { data } = context;
  const written = data.audit.texts.summary.trim();
  const reliability = data.run ? reliabilityWords(data) : "";
  const room = summaryLetters - reliability.length;
  const words = written ? [breakable(cutShort(written, room))] : resultWords(context);
  if (!data.run) return words;
  return isUnreliable(data) ? [reliability, ...words] : [...words, reliability];
}

/** The random sample where it has been read, else everything. */
function barOfCover({ data, figures }: DocumentContext): Bar | null {
  const { sample, judged, predicted } = figures;
  if (data.items.length === 0) return null;
  if (!sample || sample.read.length === 0)
    return barOf(
      message("document.cover.bar.all", { n: whole(data.items.length) }),
      sum(judged, predicted),
    );
  const n = whole(sample.read.length);
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
  if (!sample || sample.read.length === 0) {
    const [judged, predicted] = [figures.judged["right-off"], figures.predicted["right-off"]];
    const counts = {
      n: whole(data.items.length),
      judged: whole(judged),
      predicted: whole(predicted),
    };
    const line = message(judged > 0 ? "document.cover.mixed" : "document.cover.predicted", counts);
    const fraction = kOfN({ k: 0, n: sample?.queue.items.length ?? 0 });
    return {
      ...none,
      figure: whole(judged + predicted),
      lines: [line],
      note: message("document.cover.no-rate", { fraction }),
    };
  }
  const count = { k: sample.counts["right-off"], n: sample.read.length };
  const plot = plotOf(count, true);
  const figure = isSmall(count)
    ? { figure: kOfN(count), unit: "", lines: [] }
    : {
        figure: tenths(count.k / count.n),
        unit: "%",
        lines: [message("document.cover.sampled", { fraction: kOfN(count) })],
      };
  return {
    title,
    ...figure,
    plot: { ...plot, scale: scaleTo(plot.high) },
    note: message("document.cover.interval", { interval: intervalOf(count) }),
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
    figures.sample && [
      message("document.cover.fact.sample"),
      message("document.cover.fact.sample.value", {
        fraction: kOfN({ k: figures.sample.read.length, n: figures.sample.queue.items.length }),
        seed: figures.sample.seed,
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
