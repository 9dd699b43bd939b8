import type {
  Column,
  Participant,
  Queue,
  RevisionSummary,
  Run,
} from "../../shared/contract/audits.ts";
import type { ItemNo, ReaderId } from "../../shared/domain/ids.ts";

/** What a store tells its listeners, after the change is on disk. */
export type StoreChange =
  | { readonly kind: "saved"; readonly recordNo: number; readonly at: string }
  | { readonly kind: "columns"; readonly changed: readonly Column[] }
  | { readonly kind: "run"; readonly run: Run }
  | { readonly kind: "queues"; readonly queues: readonly Queue[] }
  | {
      readonly kind: "revision";
      readonly revision: RevisionSummary;
      readonly isReadOnly: boolean;
    }
  /** `by`: who said something of them; absent where something was computed. */
  | { readonly kind: "items"; readonly items: readonly ItemNo[]; readonly by?: ReaderId | null }
  | { readonly kind: "readers"; readonly readers: readonly Participant[] };

export type StoreListener = (change: StoreChange) => void;
