import type { Run } from "../../../shared/contract/audits.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { FileNames } from "../../reports/annotations/file-names.ts";
import { greyPngOf } from "../../reports/maps/grey-png.ts";
import { npyOf } from "../../reports/maps/npy.ts";
import type { ReportFile } from "../../reports/report-data.ts";
import type { AuditReader } from "../../store/audit-reader.ts";
import { exportName } from "./export-items.ts";

/** The run whose maps are written: the last that has any. */
export function exportedRun(store: AuditReader): Run | null {
  return store.runs().findLast(({ done }) => done > 0) ?? null;
}

/** Maps of a run one file after another, so that no more than one is held; last `maps.json`, which says what they are. */
export function* mapFiles(
  store: AuditReader,
  run: Run,
  kind: "npy" | "png",
  { items, keepNames }: { readonly items: readonly ItemNo[]; readonly keepNames: boolean },
): Generator<ReportFile> {
  const names = new FileNames(`.${kind}`);
  const listed: object[] = [];
  for (const no of items) {
    const map = store.readMap(run.id, no);
    if (!map) continue;
    const { values, height, width, target, seen, rawMin, rawMax } = map;
    const name = names.take(exportName(store.item(no), keepNames));
    const facts = { item: no, file: name, height, width, target, seen };
    if (kind === "npy") {
      listed.push({ ...facts, rawMin, rawMax });
      yield { name, bytes: npyOf(values, height, width) };
    } else {
      const { bytes, range } = greyPngOf(values, height, width);
      listed.push({ ...facts, ...range });
      yield { name, bytes };
    }
  }
  const about = {
    run: run.no,
    method: run.method,
    layer: run.tap.name,
    values: kind === "npy" ? "raw, float32 [height, width]" : "low + pixel / 65535 * (high - low)",
    seen: "the part of the picture that the map covers, in pixels; null: all of it",
    maps: listed,
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(about, null, 1)}\n`);
  yield { name: "maps.json", bytes };
}
