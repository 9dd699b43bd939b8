import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import type { SuspectItem } from "../suspicion/item.ts";

/** What a run knows of each item, as suspicion reads it, in item order. Items without a prediction are left out. */
export function* suspectItems(
  store: AuditReader,
  runId: RunId,
): Generator<{ readonly no: ItemNo; readonly item: SuspectItem; readonly why: string | null }> {
  const predictions = new Map(store.predictions(runId).map((one) => [one.item, one]));
  for (const { item: no, measures, artefacts, why, noMap } of store.measures(runId)) {
    const prediction = predictions.get(no);
    if (!prediction) continue;
    const { correct, confidence } = prediction;
    // What an older version left without a word had no class to map.
    const missing = noMap.length > 0 ? noMap : (["no-target"] as const);
    const flags = store.readMap(runId, no)?.flags ?? missing;
    yield {
      no,
      item: { isCorrect: correct, confidence, flags, metrics: measures, artefacts },
      why,
    };
  }
}
