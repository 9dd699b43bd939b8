import type { ItemNo } from "../../shared/domain/ids.ts";
import type { AuditReader } from "../store/audit-reader.ts";

/** Columns that say where a picture comes from, the first of them that an audit has. */
const siteColumns = [
  "site",
  "hospital",
  "institution",
  "centre",
  "center",
  "source",
  "scanner",
  "manufacturer",
];

/** Where each item comes from, by its column of that name; empty where no column says it. */
export function siteOf(store: Pick<AuditReader, "allFacets">): ReadonlyMap<ItemNo, string> {
  const all = [...store.allFacets()];
  const names = new Set(all.flatMap(({ facets }) => Object.keys(facets)));
  const column = siteColumns.flatMap((wanted) =>
    [...names].filter((name) => name.toLowerCase() === wanted),
  )[0];
  const sites = new Map<ItemNo, string>();
  if (column === undefined) return sites;
  for (const { item, facets } of all) {
    const site = facets[column];
    if (site) sites.set(item, site);
  }
  return sites;
}
