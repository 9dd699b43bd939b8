import { message } from "../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "./context.ts";
import type { Block, QuadrantCell } from "./document.ts";
import type { Place } from "./figures.ts";
import { kOfN, whole } from "./numbers.ts";
import { ratePhrase } from "./rates.ts";

/** More squares than this cannot be told apart: then one stands for ten, or a hundred. */
const mostSquares = 600;

/** Answer down, focus across: one square per image, filled where it was judged, hatched where the metrics predict. */
export function quadrantsBlock({ data, figures }: DocumentContext): Block {
  const { judged, predicted, sample } = figures;
  const all = (place: Place) => judged[place] + predicted[place];
  const perSquare = [1, 10, 100].find((one) => data.items.length / one <= mostSquares) ?? 1000;
  const cell = (place: Exclude<Place, "unplaced">): QuadrantCell => {
    const split = {
      judged: whole(judged[place]),
      predicted: whole(predicted[place]),
    };
    const lines = [message("document.quadrants.split", split)];
    const rate = sample?.rates.quadrants?.[place];
    if (rate) lines.push(message("document.quadrants.rate", { rate: ratePhrase(rate) }));
    return {
      title: message(`quadrant.${place}`),
      count: whole(all(place)),
      judged: judged[place],
      predicted: predicted[place],
      lines,
      isAccent: place === "right-off",
    };
  };
  return {
    kind: "quadrants",
    columns: [message("document.quadrants.on"), message("document.quadrants.off")],
    rows: [message("document.quadrants.right"), message("document.quadrants.wrong")],
    cells: [cell("right-on"), cell("right-off"), cell("wrong-on"), cell("wrong-off")],
    perSquare,
    keys: [message("document.quadrants.key.judged"), message("document.quadrants.key.predicted")],
    below: message("document.quadrants.below", {
      unplaced: whole(all("unplaced")),
      sum: whole(data.items.length),
      each: message("document.quadrants.each", { n: perSquare }),
      sample: sampleWords(sample),
    }),
    summary: message("document.quadrants.alt", {
      rightOn: whole(all("right-on")),
      rightOff: whole(all("right-off")),
      wrongOn: whole(all("wrong-on")),
      wrongOff: whole(all("wrong-off")),
      unplaced: whole(all("unplaced")),
    }),
  };
}

/** How far the random sample has been read. */
export function sampleWords(sample: DocumentContext["figures"]["sample"]): string {
  if (!sample) return message("document.sample.none");
  const { read: k, size: n } = sample.rates;
  const fraction = kOfN({ k, n });
  return message(k === 0 ? "document.sample.not-read" : "document.sample.read", { fraction });
}
