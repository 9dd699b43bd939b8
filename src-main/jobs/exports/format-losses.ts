import type { FormatLosses } from "../../../shared/contract/exports.ts";
import { exportFormats, type ExportFormat } from "../../../shared/domain/export-format.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { AnnotatedItem, Exported } from "../../reports/annotations/annotated.ts";
import { cocoOf } from "../../reports/annotations/coco.ts";
import { vocOf } from "../../reports/annotations/voc.ts";
import { yoloOf } from "../../reports/annotations/yolo.ts";
import type { AuditReader } from "../../store/audit-reader.ts";
import { annotatedItems } from "./export-items.ts";
import { exportedRun } from "./export-maps.ts";

/** Formats of regions, each a pure function of the items. */
export const annotationFormats: Partial<
  Record<ExportFormat, (items: readonly AnnotatedItem[]) => Exported>
> = { coco: cocoOf, voc: vocOf, yolo: yoloOf };

/** What each format would lose of these items, said before anything is written. `items` null: every one. */
export function formatLosses(
  store: AuditReader,
  items: readonly ItemNo[] | null,
  keepNames: boolean,
): FormatLosses[] {
  const chosen = items ?? allItems(store);
  const annotated = annotatedItems(store, chosen, keepNames);
  return exportFormats.map((format) => ({
    format,
    losses: [
      ...ownLosses(store, format, { items, chosen, annotated }),
      ...(keepNames ? frameLoss(store, chosen) : [message("export.loss.names")]),
    ],
  }));
}

/** Numbers of every item. */
export function allItems(store: AuditReader): ItemNo[] {
  return Array.from({ length: store.itemCount() }, (_, no) => no);
}

function ownLosses(
  store: AuditReader,
  format: ExportFormat,
  of: {
    readonly items: readonly ItemNo[] | null;
    readonly chosen: readonly ItemNo[];
    readonly annotated: readonly AnnotatedItem[];
  },
): string[] {
  switch (format) {
    case "csv":
    case "json":
      return of.items === null
        ? []
        : [message("export.loss.whole", { format: message(`export.format.${format}`) })];
    case "coco":
    case "voc":
    case "yolo":
      return annotationFormats[format]?.(of.annotated).losses ?? [];
    case "maps":
    case "maps-png":
      return mapLosses(store, format, of.chosen);
    case "lists":
      return [];
    case "dicom":
      return dicomLosses(store, of.chosen);
  }
}

function mapLosses(
  store: AuditReader,
  format: "maps" | "maps-png",
  items: readonly ItemNo[],
): string[] {
  const run = exportedRun(store);
  if (!run) return [message("export.loss.no-run")];
  const n = items.filter((no) => store.readMap(run.id, no) === null).length;
  return [
    ...(n > 0 ? [message("export.loss.no-map", { n, run: run.no })] : []),
    ...(format === "maps-png" ? [message("export.loss.maps-rounded")] : []),
  ];
}

/** References are mapped, and what is plainly a photograph is left out; other files show it when they are opened. */
function dicomLosses(store: AuditReader, items: readonly ItemNo[]): string[] {
  const photographs = items.filter((no) => store.item(no).study === null).length;
  return [
    message("export.loss.dicom-references"),
    ...(photographs > 0 ? [message("export.loss.dicom-none", { n: photographs })] : []),
    ...(exportedRun(store) ? [] : [message("export.loss.no-run")]),
  ];
}

function frameLoss(store: AuditReader, items: readonly ItemNo[]): string[] {
  const n = items.filter((no) => store.item(no).frame !== null).length;
  return n > 0 ? [message("export.loss.frames", { n })] : [];
}
