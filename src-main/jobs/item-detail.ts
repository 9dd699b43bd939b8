import type { ItemDetail } from "../../shared/contract/audits.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { Item } from "../../shared/domain/item.ts";
import type { Judgement, Shape } from "../../shared/domain/review.ts";
import { pictureName } from "../../shared/domain/picture-path.ts";
import { metricIds, scoreIds } from "../../shared/domain/metrics.ts";
import { areaOfShape } from "../../shared/geometry/coverage.ts";
import { summarise } from "../../shared/heatmap/summary.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { HistoryEntry } from "../store/judgements.ts";
import { historyWords } from "./action-words.ts";
import type { AuditReader } from "../store/audit-reader.ts";

/** Everything Review shows of one item in one run; sentences are made here, numbers come from the store. */
export function itemDetail(
  { store }: { readonly store: AuditReader },
  runId: RunId | null,
  no: ItemNo,
): ItemDetail {
  const { row, item, facets, evidence, measure, map, regions, tests, judgements, history } =
    store.detail(runId, no);
  const [latest] = judgements;
  const standings = standingsOf(history);
  const measures = measure?.measures ?? {};
  const size = item.width && item.height ? `${item.width} × ${item.height}` : null;
  return {
    row,
    facts: [
      { name: message("jobs.fact.file"), value: pictureName(item.path, item.frame) },
      ...(size ? [{ name: message("jobs.fact.size"), value: size }] : []),
      ...(item.split ? [{ name: message("jobs.fact.split"), value: item.split }] : []),
      ...(item.group ? [{ name: message("jobs.fact.group"), value: shortKey(item.group) }] : []),
      ...Object.entries(facets).map(([name, value]) => ({ name, value })),
    ],
    metrics: Object.fromEntries(
      [...metricIds, ...scoreIds].flatMap((id) => {
        const value = measures[id];
        return value === undefined ? [] : [[id, value] as const];
      }),
    ),
    why: measure?.why ?? null,
    evidenceLevel: measure?.evidenceLevel ?? null,
    summary: map
      ? summarise({
          ...map,
          values: fromZero(map.values, map.zero),
          insideEnergy: numberOrNull(measures.inside_energy),
        })
      : null,
    flags: [...(map?.flags ?? measure?.noMap ?? [])],
    isForEarlierFile: isForEarlierFile(item, judgements),
    map: map && {
      width: map.width,
      height: map.height,
      rawMin: map.rawMin,
      rawMax: map.rawMax,
      target: map.targetName ?? "",
      flags: [...map.flags],
      seen: map.seen01,
      sectors: [...map.sectors],
    },
    hasEvidence: evidence !== null,
    regions: [
      ...importedRegions(no, evidence),
      ...regions.map(({ areaShare, ...region }) => ({
        ...region,
        shape: mutable(region.shape),
        areaShare,
        isImported: false,
      })),
    ],
    tests: [...tests],
    certainty: latest?.certainty ?? null,
    comment: latest?.comment ?? "",
    history: history.map((entry) => ({
      recordNo: entry.recordNo,
      at: entry.at,
      reader: entry.reader,
      action: entry.action,
      verdict: entry.verdict,
      words: historyWords(entry),
      standing: standings.get(entry.recordNo) ?? null,
    })),
  };
}

type RegionRow = ItemDetail["regions"][number];

/** Shapes that came with the dataset: locked, and no reader's. Masks are drawn as pictures instead. */
function importedRegions(item: ItemNo, evidence: EvidenceSource | null): RegionRow[] {
  if (evidence?.kind !== "shapes") return [];
  return evidence.shapes.map((shape, i) => ({
    id: `evidence-${item}-${i}` as RegionRow["id"], // shown, never commanded
    item,
    kind: "evidence",
    shape: mutable(shape),
    readerId: null,
    isImported: true,
    areaShare: areaOfShape(shape),
    note: "",
  }));
}

/** A keyed hash by its first digits, enough to tell patients apart; a name from the labels as it is. */
function shortKey(group: string): string {
  return /^[\da-f]{32}$/.test(group) ? group.slice(0, 8) : group;
}

/** Whether every verdict on an item was given before its file was found changed. */
function isForEarlierFile(
  { earlierFile }: Item,
  judgements: readonly Pick<Judgement, "verdict" | "recordNo">[],
): boolean {
  const given = judgements.filter(({ verdict }) => verdict !== null);
  if (!earlierFile || given.length === 0) return false;
  return given.every(({ recordNo }) => recordNo <= earlierFile.untilRecordNo);
}

function numberOrNull(value: number | string | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function mutable(shape: Shape): RegionRow["shape"] {
  return shape.kind === "polygon"
    ? { kind: "polygon", rings: shape.rings.map((ring) => [...ring]) }
    : shape;
}

/** What became of each entry, by its number: taken back, or a verdict that a newer one of its reader took the place of. */
function standingsOf(
  newestFirst: readonly HistoryEntry[],
): ReadonlyMap<number, "superseded" | "undone"> {
  const standings = new Map<number, "superseded" | "undone">();
  const said = new Set<string>();
  for (const { recordNo, action, isUndone, readerId } of newestFirst) {
    if (isUndone) standings.set(recordNo, "undone");
    else if (action === "verdict.set" || action === "verdict.clear") {
      const reader = readerId ?? "";
      if (said.has(reader)) standings.set(recordNo, "superseded");
      said.add(reader);
    }
  }
  return standings;
}
