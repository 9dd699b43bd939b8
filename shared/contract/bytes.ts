import type { BenchMapId } from "../domain/bench.ts";
import type { AuditId, ItemNo, RunId } from "../domain/ids.ts";

/**
 * Addresses of everything that is bytes and never JSON.
 *
 *   columns     little-endian array, one entry per item from 0; `x-shape` "<kind>,<length>"; ETag = column revision
 *   map         raw float32 little-endian, row-major; `x-shape` "H,W"
 *   benchMap    the same, of one column of a bench that the host still holds
 *   thumbnail   JPEG, longer side 256
 *   image       the oriented picture as JPEG or PNG, longer side at most `size`
 *   evidence    grey PNG of the oriented picture's size (at most 1024), 255 = evidence
 */
export const bytesPaths = {
  column: (audit: AuditId, run: RunId | null, column: string) =>
    `/audits/${audit}/runs/${run ?? "-"}/columns/${column}`,
  map: (audit: AuditId, run: RunId, item: ItemNo) => `/audits/${audit}/runs/${run}/maps/${item}`,
  benchMap: (bench: string, item: ItemNo, column: BenchMapId) =>
    `/benches/${bench}/maps/${item}/${encodeURIComponent(column)}`,
  thumbnail: (audit: AuditId, item: ItemNo) => `/audits/${audit}/items/${item}/thumbnail`,
  image: (audit: AuditId, item: ItemNo, size: number) =>
    `/audits/${audit}/items/${item}/image?size=${size}`,
  evidence: (audit: AuditId, item: ItemNo) => `/audits/${audit}/items/${item}/evidence`,
  exported: (audit: AuditId, name: string) =>
    `/audits/${audit}/exports/${encodeURIComponent(name)}`,
  /** The record as CSV, every entry. */
  recordCsv: (audit: AuditId) => `/audits/${audit}/record.csv`,
  /** The report of a revision, or the print of its signatures. */
  revisionPdf: (audit: AuditId, revision: number, name: "report" | "signatures") =>
    `/audits/${audit}/revisions/${revision}/${name}.pdf`,
  reportPage: (audit: AuditId, page: number) => `/audits/${audit}/report/pages/${page}`,
  preview: (token: string) => `/intake/previews/${token}`,
} as const;
