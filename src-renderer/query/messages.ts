import type { Column } from "../../shared/contract/audits.ts";
import type { AuditId, CommandId, ItemNo, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { FacetCounts, Filter } from "./query.ts";
import type { SortRule } from "./sort.ts";

/** What the window asks of the query worker. */
export type ToWorker =
  | {
      readonly kind: "open";
      readonly auditId: AuditId;
      readonly readerId: ReaderId | null;
      /** In whose name bytes are fetched. */
      readonly session: string | null;
      readonly run: RunId | null;
      readonly items: number;
      readonly columns: readonly Column[];
    }
  /** New revisions: fetch their bytes again. */
  | {
      readonly kind: "columns";
      readonly session: string | null;
      readonly columns: readonly Column[];
    }
  /** `accept`: show the order as it is now; else the shown order stays and only what changed is counted (RX-84). */
  | {
      readonly kind: "query";
      readonly filters: readonly Filter[];
      readonly sort: SortRule;
      readonly accept: boolean;
    }
  /** Words laid over a choice column until the store's own bytes have them. */
  | {
      readonly kind: "overlay";
      readonly id: CommandId;
      readonly column: string;
      readonly items: readonly ItemNo[];
      readonly code: number;
    }
  /** The store has this overlay; it goes with the next fetch of its column that began afterwards. */
  | { readonly kind: "settle"; readonly id: CommandId }
  | { readonly kind: "drop"; readonly id: CommandId }
  | {
      readonly kind: "codes";
      readonly seq: number;
      readonly column: string;
      readonly items: Uint32Array;
    };

/** What the query worker answers. */
export type FromWorker =
  | { readonly kind: "columns"; readonly facts: readonly ColumnFacts[] }
  | {
      readonly kind: "result";
      /** null: the shown order stays. */
      readonly order: Uint32Array | null;
      readonly facets: readonly FacetCounts[];
      /** Items whose place or membership differs from the shown order. */
      readonly changed: number;
    }
  | { readonly kind: "codes"; readonly seq: number; readonly codes: Uint16Array }
  | { readonly kind: "failed"; readonly column: string; readonly why: string };

/** A loaded column without its values: what the facet panel and the metric rows draw from. */
export interface ColumnFacts {
  readonly id: string;
  readonly kind: "choice" | "flags" | "range";
  readonly words: readonly string[];
  readonly low: number;
  readonly high: number;
  /** Histogram of all items, or their count per word and for none. */
  readonly all: Uint32Array;
  /** Items with a value. */
  readonly known: number;
}
