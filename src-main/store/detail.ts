import type { ItemRow } from "../../shared/contract/audits.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import type { Judgement } from "../../shared/domain/review.ts";
import type { MethodFacts } from "../../shared/domain/method-facts.ts";
import { methods } from "../../shared/domain/methods.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { sectors } from "../../shared/heatmap/summary.ts";
import type { AuditReader } from "./audit-reader.ts";
import type { HistoryEntry, Judgements, StoredRegion } from "./judgements.ts";
import type { StoredMeasure } from "./measures.ts";
import type { StoredTest } from "./region-tests.ts";
import type { StoredMap } from "./results.ts";

/** All that is known of one item in one run: numbers and names; the sentences are made where they are shown. */
export interface Detail {
  readonly row: ItemRow;
  readonly item: Item;
  readonly facets: Readonly<Record<string, string>>;
  readonly evidence: EvidenceSource | null;
  readonly measure: StoredMeasure | null;
  readonly map: MapDetail | null;
  readonly regions: readonly StoredRegion[];
  /** Newest first. */
  readonly tests: readonly StoredTest[];
  /** One per reader, the newest verdict first. */
  readonly judgements: readonly Judgement[];
  /** Newest first. */
  readonly history: readonly (HistoryEntry & { readonly reader: string })[];
}

export interface MapDetail extends StoredMap {
  /** Name of the class the map speaks for. */
  readonly targetName: string | null;
  /** Where the map lies on the picture, in fractions of it; the whole picture where that is unknown. */
  readonly seen01: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  /** What its numbers' zero means, by its method. */
  readonly zero: MethodFacts["zero"];
  readonly sectors: readonly number[];
}

export function readDetail(
  store: AuditReader,
  judgements: Judgements,
  run: RunId | null,
  no: ItemNo,
): Detail {
  const item = store.item(no);
  const names = new Map(store.readers().map((reader) => [reader.id, reader.name]));
  return {
    row: store.rows(run, [no])[0],
    item,
    facets: store.facets(no),
    evidence: store.evidence(no),
    measure: run === null ? null : store.measure(run, no),
    map: run === null ? null : mapDetail(store, run, item),
    regions: store.regions(no),
    tests: store.regionTests(no),
    judgements: store.judgements(no),
    history: judgements.history(no).map((entry) => ({
      ...entry,
      reader: (entry.readerId && names.get(entry.readerId)) ?? "",
    })),
  };
}

function mapDetail(store: AuditReader, run: RunId, item: Item): MapDetail | null {
  const map = store.readMap(run, item.no);
  if (!map) return null;
  const { modelId, method } = store.runById(run);
  const { classNames } = store.model(modelId);
  const { zero } = methods[method];
  const { seen } = map;
  const { width, height } = item;
  return {
    ...map,
    targetName: map.target === null ? null : (classNames[map.target] ?? String(map.target)),
    seen01:
      seen && width && height
        ? { x: seen.x / width, y: seen.y / height, w: seen.width / width, h: seen.height / height }
        : { x: 0, y: 0, w: 1, h: 1 },
    zero,
    sectors: sectors(fromZero(map.values, zero), map.height, map.width),
  };
}
