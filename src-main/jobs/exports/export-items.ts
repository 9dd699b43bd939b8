import { posix } from "node:path";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import type { Item } from "../../../shared/domain/item.ts";
import type { AnnotatedItem } from "../../reports/annotations/annotated.ts";
import type { ListedItem } from "../../reports/annotations/lists.ts";
import type { AuditReader } from "../../store/audit-reader.ts";

/** What an item is called in an export: its path below the images, or its number (RX-56). */
export function exportName({ no, path, frame }: Item, keepNames: boolean): string {
  if (!keepNames) return `item-${no}`;
  if (frame === null) return path;
  const ending = posix.extname(path);
  return `${ending === "" ? path : path.slice(0, -ending.length)}-frame-${frame}${ending}`;
}

/** Items with what was said of them last and what is drawn on them. */
export function annotatedItems(
  store: AuditReader,
  items: readonly ItemNo[],
  keepNames: boolean,
): AnnotatedItem[] {
  return items.map((no) => {
    const item = store.item(no);
    const said = store
      .judgements(no)
      .filter(({ verdict }) => verdict !== null)
      .toSorted((a, b) => a.recordNo - b.recordNo)
      .at(-1);
    return {
      no,
      name: exportName(item, keepNames),
      width: item.width,
      height: item.height,
      label: item.label,
      verdict: said?.verdict ?? null,
      reasons: said?.reasons ?? [],
      findings: store.findingsOf(no),
      regions: store.regions(no).map(({ id, kind, shape }) => ({ id, kind, shape })),
    };
  });
}

/** Items with what puts them on a list. */
export function listedItems(
  store: AuditReader,
  items: readonly ItemNo[],
  keepNames: boolean,
): ListedItem[] {
  const findings = new Map(store.findings().map((finding) => [finding.id, finding]));
  return items.map((no) => {
    const item = store.item(no);
    return {
      name: exportName(item, keepNames),
      isReadable: item.error === null && !item.isMissing,
      faults: store.judgements(no).flatMap(({ fault }) => (fault === null ? [] : [fault])),
      findings: store.findingsOf(no).flatMap((id) => findings.get(id) ?? []),
    };
  });
}
