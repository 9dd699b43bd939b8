import { join } from "node:path";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { picturePath, type PicturePath } from "../../shared/domain/picture-path.ts";
import type { AuditStore } from "../store/audit-store.ts";
import type { JobQueue } from "./job-queue.ts";

/** One audit that is open in this host: its store, its jobs, and where its files are. */
export interface OpenedAudit {
  readonly folder: string;
  readonly store: AuditStore;
  readonly jobs: JobQueue;
}

/** Where an item's picture lies on this computer: its file, and its frame there. */
export function itemPath({ store }: Pick<OpenedAudit, "store">, item: ItemNo): PicturePath {
  const { path, frame } = store.item(item);
  return picturePath(join(store.facts.sources.images, path), frame);
}

/** Evidence of an item as the engine reads it; masks are named by their place on this computer. */
export function itemEvidence(
  { store }: Pick<OpenedAudit, "store">,
  item: ItemNo,
): EvidenceSource | null {
  return store.evidence(item);
}
