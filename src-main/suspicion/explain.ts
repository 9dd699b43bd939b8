import { percent, strongestSector } from "../../shared/heatmap/summary.ts";
import { message, type MessageKey } from "../../shared/messages/catalogue.ts";
import { numberOf, type SuspectItem } from "./item.ts";
import { gate, type Scored } from "./score.ts";

/** Heat beyond chance on a place under which it is not worth naming. */
const worthNaming = 0.05;

/** Detected things that a reason may name, with their sentence. What is not listed is never named. */
const nameable: Readonly<Record<string, MessageKey>> = {
  padding: "reasons.padding",
  ink: "reasons.ink",
  ruler: "reasons.ruler",
};

export interface RawGrid {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/**
 * Why an item is suspected, in one sentence: the largest contributions first, places and detected things only. `map` adds
 * where heat is strongest.
 */
export function explain(item: SuspectItem, scored: Scored, map: RawGrid | null = null): string {
  if (scored.shelf) return shelfSentence(item, scored.shelf);
  const parts = partsOf(item, scored);
  const sector = map && strongestSector(map.values, map.height, map.width);
  if (sector)
    parts.push(message("reasons.strongest", { place: message(`reasons.place.${sector}`) }));
  const key =
    item.isCorrect === null
      ? "reasons.unlabelled"
      : item.isCorrect
        ? "reasons.right"
        : "reasons.wrong";
  const sentence = message(key, { confidence: percent(item.confidence), parts: parts.join("; ") });
  return [
    sentence,
    ...(scored.methodsDisagree ? [message("reasons.disagree")] : []),
    ...(scored.isWarned ? [message("reasons.sheet")] : []),
  ].join(" ");
}

function partsOf(item: SuspectItem, scored: Scored): string[] {
  const { metrics } = item;
  const places = placesNamed(item);
  if (scored.basis === "places") return places.length > 0 ? places : [message("reasons.nothing")];
  const inside = numberOf(metrics, "inside_energy") ?? 0;
  const area = percent(numberOf(metrics, "evidence_area") ?? 0);
  const isOutside = (numberOf(metrics, "focus") ?? 1) < 0.5;
  const onEvidence = isOutside
    ? message("reasons.outside", { heat: percent(1 - inside), area })
    : message("reasons.on-evidence", { heat: percent(inside), area });
  return [onEvidence, ...places.slice(0, 2)];
}

/** Places with heat beyond chance, most first, three at most. */
function placesNamed({ metrics, artefacts }: SuspectItem): string[] {
  const found: { weight: number; text: string }[] = [];
  const add = (weight: number | null, key: MessageKey, heat: number | null) => {
    if (weight !== null && heat !== null && weight > worthNaming)
      found.push({ weight, text: message(key, { heat: percent(heat) }) });
  };
  const corner = numberOf(metrics, "corner");
  add(corner, "reasons.corner", corner === null ? null : corner * 0.9775 + 0.0225); // the share itself
  add(numberOf(metrics, "border"), "reasons.border", numberOf(metrics, "border_share"));
  add(numberOf(metrics, "text"), "reasons.text", numberOf(metrics, "text_overlap"));
  const s4 = numberOf(metrics, "s4") ?? 0;
  for (const [name, share] of Object.entries(artefacts)) {
    const key = Object.hasOwn(nameable, name) ? nameable[name] : undefined;
    if (key) add(Math.min(s4, share), key, share);
  }
  return found
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ text }) => text);
}

function shelfSentence({ metrics }: SuspectItem, shelf: NonNullable<Scored["shelf"]>): string {
  if (shelf !== "gate-failed") return message(`reasons.${shelf}`);
  const drop = percent(Math.min(gate.necessity, numberOf(metrics, "necessity") ?? 0));
  return message("reasons.gate-failed", { drop });
}
