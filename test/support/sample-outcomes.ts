import type { Command, CommandBody } from "../../shared/domain/command.ts";
import type { CommandId, ItemNo, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { ItemOutcome, NewItem } from "../../shared/domain/item.ts";

export const ann = "reader-ann" as ReaderId;
export const ben = "reader-ben" as ReaderId;
export const sampleRunId = "run-1" as RunId;

/** Odd items are nodules, every third has evidence, sites go round in fours. */
export function sampleItem(no: ItemNo): NewItem {
  return {
    path: `${no % 2 ? "nodule" : "clear"}/${no}.png`,
    bytes: 1000 + no,
    modifiedMs: 1_700_000_000_000 + no,
    label: no % 2 ? "nodule" : "clear",
    split: no % 5 ? "train" : "test",
    group: `patient ${no >> 1}`,
    facets: { site: `site ${no % 4}` },
    evidence:
      no % 3
        ? null
        : { kind: "shapes", shapes: [{ kind: "rect", x: 0.2, y: 0.2, w: 0.5, h: 0.5 }] },
  };
}

/** Predicts "nodule" for items 0, 1, 4, 5, 8, 9 …, with logits one apart; a 3 × 4 map whose value k is no + k / 100. */
export function sampleOutcome(no: ItemNo, changes: Partial<ItemOutcome> = {}): ItemOutcome {
  return {
    no,
    sha256: no.toString(16).padStart(64, "0"),
    width: 100,
    height: 80,
    averageGrey: no % 256,
    logits: Float32Array.of(0, no % 4 < 2 ? 1 : -1),
    target: no % 4 < 2 ? 1 : 0,
    map: Float32Array.from({ length: 12 }, (_, k) => no + k / 100),
    mapDims: [3, 4],
    flags: [],
    seen: { x: 0, y: 0, width: 100, height: 80 },
    metrics: { entropy: (no % 10) / 10, agreement: "not-in-sample" },
    artefacts: {},
    error: null,
    ...changes,
  };
}

let commands = 0;

/** A command of Ann's with an id of its own, unless told otherwise. */
export function command(
  body: CommandBody,
  by: { readonly readerId?: ReaderId; readonly id?: string } = {},
): Command {
  const id = (by.id ?? `command-${++commands}`) as CommandId;
  return { ...body, id, readerId: by.readerId ?? ann };
}
