import { pictureName } from "../../../shared/domain/picture-path.ts";
import type { ReportItem } from "../report-data.ts";
import type { Table } from "./table.ts";

/** What is known of every listed file. Nobody has looked for identity yet, so its states are "unknown". */
export const itemsTable: Table<ReportItem> = {
  columns: [
    "item_id",
    "path",
    "sha256",
    "width",
    "height",
    "frames",
    "class_true",
    "split",
    "modality",
    "body_part",
    "site",
    "group_id",
    "identity_state",
    "burned_in_state",
    "readable",
    "excluded",
    "exclude_reason",
  ],
  cells: (item) => [
    item.no,
    pictureName(item.path, item.frame),
    item.sha256,
    item.width,
    item.height,
    item.frames,
    item.label ?? item.labels.join(";"),
    item.split,
    facet(item, "modality"),
    facet(item, "body_part"),
    facet(item, "site"),
    item.group,
    "unknown",
    "unknown",
    item.error === null && !item.isMissing,
    false,
    "",
  ],
};

/** A column that came with the labels, whatever its spelling: "Body part", "body-part", "BodyPart". */
function facet({ facets }: ReportItem, name: string): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const key = Object.keys(facets).find((one) => plain(one) === plain(name));
  return key === undefined ? null : (facets[key] ?? null);
}
