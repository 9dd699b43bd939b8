import { regionKinds } from "../../../../shared/domain/review.ts";
import { colourMapOf, colourTable } from "../../../../shared/heatmap/colour-maps.ts";
import { formatRaw } from "../../../../shared/heatmap/legend.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { Plate } from "../../report-data.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, DocumentPlate, PlateLegend, Section } from "../document.ts";
import { breakable, cutShort, sentence, unbroken } from "../names.ts";
import { score, whole } from "../numbers.ts";
import { pictureName } from "../pictures.ts";

/** 9: the chosen images, each as picture, map and overlay. */
export function casesSection(context: DocumentContext): Section | null {
  const { data } = context;
  const { plates } = data;
  if (plates.length === 0) return null;
  const n = plates.length;
  const leftOut = data.platesLeftOut.map(context.nameOf).join(", ");
  const note: Block[] = leftOut
    ? [{ kind: "note", text: message("document.cases.left-out", { names: leftOut }) }]
    : [];
  return {
    id: "9",
    title: message("document.cases.title"),
    flow: "page",
    blocks: [
      { kind: "paragraph", text: message("document.cases.intro", { n, shown: whole(n) }) },
      ...note,
      platesBlock(context, plates, (at) => message("document.cases.name", { n: at + 1 })),
    ],
  };
}

/** Plates with their heads and legend; `nameAt` names each by its place. */
export function platesBlock(
  context: DocumentContext,
  plates: readonly Plate[],
  nameAt: (at: number) => string,
): Extract<Block, { kind: "plates" }> {
  const { run, plateView: view } = context.data;
  const grid = run ? `${run.tap.grid[2]} × ${run.tap.grid[1]}` : "";
  return {
    kind: "plates",
    plates: plates.map((plate, at) => plateOf(context, plate, nameAt(at))),
    legend: legendOf(context, plates),
    heads: {
      image: message("document.cases.image"),
      map: message("document.cases.map", { grid }),
      overlay: message("document.cases.overlay", {
        opacity: Math.round(100 * view.opacity),
        threshold: Math.round(100 * view.threshold),
      }),
      noMap: message("document.cases.no-map"),
    },
  };
}

function plateOf(context: DocumentContext, plate: Plate, title: string): DocumentPlate {
  const name = unbroken(context.nameOf(plate.item)); // as it is read out, not as it is set
  const { summary } = plate;
  const kinds = kindsOn(context, plate).map((kind) => message(`document.region.${kind}`));
  const regions = kinds.length
    ? message("document.cases.alt.regions", { regions: kinds.join(", ") })
    : "";
  const hasMap = plate.map !== null;
  return {
    name: title,
    caption: captionOf(context, plate),
    image: pictureName(plate, "image") ?? "",
    map: pictureName(plate, "map"),
    overlay: pictureName(plate, "overlay"),
    alts: [
      message("document.cases.alt.image", { name, regions }).trim(),
      message(hasMap ? "document.cases.alt.map" : "document.cases.alt.none", { name, summary }),
      message(hasMap ? "document.cases.alt.overlay" : "document.cases.alt.none", { name, summary }),
    ],
  };
}

function captionOf({ data, figures, nameOf, itemOf }: DocumentContext, plate: Plate): string {
  const name = nameOf(plate.item);
  const item = itemOf(plate.item);
  if (!item?.predicted || item.confidence === null)
    return message("document.cases.caption.unanswered", { name });
  const words = {
    name,
    given: breakable(item.label ?? ""),
    predicted: breakable(item.predicted),
    confidence: score(item.confidence),
  };
  const judgement = figures.verdictOf.get(item.no);
  const parts = [
    message(
      item.label === null ? "document.cases.caption.unlabelled" : "document.cases.caption",
      words,
    ),
  ];
  if (judgement?.verdict) {
    const reader = data.audit.readers.find(({ id }) => id === judgement.readerId)?.name ?? "";
    const reasons = judgement.reasons.map((reason) => message(`reason.${reason}`)).join("; ");
    const key = reasons ? "document.cases.judged.reasons" : "document.cases.judged";
    const verdict = message(`verdict.${judgement.verdict}`);
    parts.push(message(key, { verdict, reader: breakable(reader), reasons }));
    if (judgement.comment.trim())
      parts.push(
        message("document.cases.comment", {
          text: breakable(cutShort(judgement.comment, commentLetters)),
        }),
      );
  } else parts.push(message("document.cases.not-judged"));
  if (item.why) parts.push(sentence(item.why));
  return parts.join(" ");
}

function kindsOn({ itemOf }: DocumentContext, { item, shapes }: Plate) {
  const isGiven = itemOf(item)?.hasEvidence;
  const kinds = new Set(shapes.map(({ kind }) => kind));
  if (isGiven) kinds.add("evidence");
  return regionKinds.filter((kind) => kinds.has(kind));
}

function legendOf(context: DocumentContext, plates: readonly Plate[]): PlateLegend | null {
  const { plateView: view } = context.data;
  const kinds = regionKinds.filter((kind) =>
    plates.some((plate) => kindsOn(context, plate).includes(kind)),
  );
  if (plates.every(({ map }) => map === null) && kinds.length === 0) return null;
  return {
    low: formatRaw(view.low),
    high: message("document.cases.legend.high", {
      high: formatRaw(view.high),
      scaling: message(`heatmap.scaling.${view.scaling}`),
    }),
    colours: coloursOf(view.colours),
    keys: kinds.map((kind) => ({ kind, label: message(`document.region.${kind}`) })),
  };
}

const stops = 17;

function coloursOf(id: string): string[] {
  const table = colourTable(colourMapOf(id));
  return Array.from({ length: stops }, (_, i) => {
    const at = 3 * Math.round((255 * i) / (stops - 1));
    const hex = [...table.subarray(at, at + 3)].map((one) => one.toString(16).padStart(2, "0"));
    return `#${hex.join("")}`;
  });
}

/** The whole of it stands in verdicts.csv. */
const commentLetters = 240;
