import { createHash } from "node:crypto";
import type { ItemNo } from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import type { AuditReader } from "../store/audit-reader.ts";

/**
 * SHA-256 of an ordered list: `number TAB path LF` per item, a frame's number behind a further TAB, so that a draw can be
 * repeated and compared.
 */
export function listHash(store: Pick<AuditReader, "item">, items: readonly ItemNo[]): string {
  const hash = createHash("sha256");
  for (const no of items) hash.update(`${no}\t${listName(store.item(no))}\n`);
  return hash.digest("hex");
}

/** What tells an item from all others, wherever the audit was made: its path, and its frame. */
export function listName({ path, frame }: Pick<Item, "path" | "frame">): string {
  return frame === null ? path : `${path}\t${frame}`;
}
