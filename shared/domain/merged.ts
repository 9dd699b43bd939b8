import type { ItemNo } from "./ids.ts";

/** What merging another copy brings in and leaves out, in counts and names: no verdict is in it. */
export interface MergedCounts {
  /** Entries that come in. */
  readonly entered: number;
  /** Of these, kept in the record without effect. */
  readonly kept: number;
  /** Entries that were here already. */
  readonly known: number;
  /** Entries that come in, by action. */
  readonly actions: readonly { readonly action: string; readonly n: number }[];
  readonly readers: readonly string[];
  readonly runs: number;
  /** Models that are not here, or have another preparation here. */
  readonly models: readonly string[];
  /** Plans that take no force here. */
  readonly plans: number;
  readonly unmatched: number;
  readonly unmatchedPaths: readonly string[];
  readonly conflicts: number;
  readonly conflictList: readonly {
    readonly kind: string;
    readonly item: ItemNo | null;
    readonly path: string | null;
    readonly reader: string | null;
  }[];
  /** The revision that opens; null: none. */
  readonly revision: number | null;
}
