import type { Rect } from "../geometry/shape.ts";
import type { FindingFields, FindingState } from "./finding.ts";
import type {
  CommandId,
  FindingId,
  ItemNo,
  MeetingId,
  QueueId,
  ReaderId,
  RegionId,
  RunId,
  TestId,
} from "./ids.ts";
import type { Plan } from "./plan.ts";
import type { Certainty, Fault, Reason, RegionKind, Shape, Verdict, ViewState } from "./review.ts";
import type { FillId, MeasuredTest } from "./region-test.ts";
import type { Role } from "./role.ts";

/**
 * Everything a person can change in an audit. A command carries an id: applying it twice has no second effect. Each
 * becomes one entry of the record in the transaction that applies it.
 */
export type Command = { readonly id: CommandId; readonly readerId: ReaderId } & CommandBody;

export type CommandBody =
  | {
      readonly kind: "verdict.set";
      readonly items: readonly ItemNo[];
      readonly run: RunId | null;
      readonly verdict: Verdict;
      readonly reasons: readonly Reason[];
      readonly view: ViewState | null;
    }
  | { readonly kind: "verdict.clear"; readonly items: readonly ItemNo[] }
  | { readonly kind: "reason.set"; readonly item: ItemNo; readonly reasons: readonly Reason[] }
  | { readonly kind: "certainty.set"; readonly item: ItemNo; readonly certainty: Certainty | null }
  | { readonly kind: "comment.set"; readonly item: ItemNo; readonly text: string }
  | { readonly kind: "fault.set"; readonly item: ItemNo; readonly fault: Fault | null }
  | { readonly kind: "discuss.set"; readonly item: ItemNo; readonly discuss: boolean }
  | {
      readonly kind: "region.add";
      readonly region: RegionId;
      readonly item: ItemNo;
      readonly regionKind: RegionKind;
      readonly shape: Shape;
      readonly note: string;
    }
  | {
      readonly kind: "region.change";
      readonly region: RegionId;
      readonly regionKind: RegionKind;
      readonly shape: Shape;
      readonly note: string;
    }
  | { readonly kind: "region.remove"; readonly region: RegionId }
  /** Given by the host alone, once it has measured: a window asks for a test, it does not state what came of it. */
  | {
      readonly kind: "test.run";
      readonly test: TestId;
      readonly item: ItemNo;
      readonly run: RunId;
      readonly region: RegionId | null;
      readonly shape: Shape;
      readonly fill: FillId;
      readonly seed: number;
      readonly result: MeasuredTest;
    }
  | {
      readonly kind: "queue.create";
      readonly queue: QueueId;
      readonly name: string;
      readonly rule: QueueRule;
      readonly items: readonly ItemNo[];
    }
  | {
      readonly kind: "finding.create";
      readonly finding: FindingId;
      readonly fields: Partial<FindingFields>;
      readonly items: readonly ItemNo[];
    }
  | {
      readonly kind: "finding.change";
      readonly finding: FindingId;
      readonly changes: Partial<FindingFields>;
    }
  | {
      readonly kind: "finding.addItems" | "finding.removeItems";
      readonly finding: FindingId;
      readonly items: readonly ItemNo[];
    }
  | {
      readonly kind: "finding.state";
      readonly finding: FindingId;
      readonly state: FindingState;
    }
  | { readonly kind: "finding.comment"; readonly finding: FindingId; readonly text: string }
  /** `present`: names as they were said at the start. */
  | {
      readonly kind: "meeting.start";
      readonly meeting: MeetingId;
      readonly present: readonly string[];
    }
  /** A reading of its own: no reader's verdict is touched. */
  | {
      readonly kind: "meeting.verdict";
      readonly meeting: MeetingId;
      readonly item: ItemNo;
      readonly run: RunId | null;
      readonly verdict: Verdict;
      readonly reasons: readonly Reason[];
      /** Of those present. */
      readonly dissent: number;
      readonly note: string;
    }
  | { readonly kind: "meeting.clear"; readonly meeting: MeetingId; readonly item: ItemNo }
  /** Freezes a plan and makes its queues. Answered by another plan, never undone. */
  | {
      readonly kind: "plan.freeze";
      readonly plan: Plan;
      readonly queues: readonly PlannedQueue[];
    }
  /** `boxes`: filled in whatever leaves, in fractions of each item's upright picture. */
  | {
      readonly kind: "identity.mask";
      readonly items: readonly ItemNo[];
      readonly boxes: readonly Rect[];
    }
  | {
      readonly kind: "identity.confirm" | "identity.leaveOut";
      readonly items: readonly ItemNo[];
    }
  | { readonly kind: "report.text"; readonly field: ReportField; readonly text: string }
  /** What somebody may do in the audit from now on. Not undone: answered by another. */
  | { readonly kind: "reader.role"; readonly reader: ReaderId; readonly role: Role }
  /** Reverses the entry `recordNo`; appended as an entry of its own, the reversed one stays readable. */
  | { readonly kind: "undo"; readonly recordNo: number }
  | { readonly kind: "redo"; readonly recordNo: number };

export type QueueRule =
  | { readonly kind: "suspects"; readonly run: RunId; readonly size: number }
  | {
      readonly kind: "random";
      readonly seed: number;
      readonly size: number;
      readonly listSha256: string;
    }
  /** Items of the random sample `of` that another person reads too; some may join its end later. */
  | {
      readonly kind: "second";
      readonly of: QueueId;
      readonly size: number;
      readonly listSha256: string;
    }
  /** Items of the random sample `of` on which readers disagree: it grows and shrinks with them. */
  | { readonly kind: "adjudication"; readonly of: QueueId }
  | { readonly kind: "filter"; readonly words: string };

/** A queue that comes with a plan. */
export interface PlannedQueue {
  readonly queue: QueueId;
  readonly name: string;
  readonly rule: QueueRule;
  readonly items: readonly ItemNo[];
}

export const reportFields = [
  "purpose",
  "intended-use",
  "audience",
  "decision",
  "evidence-definition",
  "summary",
  "early-report",
  "actions",
  "limits",
] as const;
export type ReportField = (typeof reportFields)[number];

/** One line of the append-only record. `hash` = SHA-256 over the canonical JSON of the entry without `hash`. */
export interface RecordEntry {
  readonly no: number;
  readonly at: string;
  readonly readerId: ReaderId | null;
  readonly action: string;
  readonly object: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly commandId: CommandId | null;
  readonly prevHash: string;
  readonly hash: string;
  /** Only of an entry that came with a merge: where it was made. */
  readonly origin?: EntryOrigin;
}

/** An entry of the other copy: `tip` is that copy's last hash, its log is kept as `merged/<tip>.log`. */
export interface EntryOrigin {
  readonly tip: string;
  readonly no: number;
  readonly hash: string;
}
