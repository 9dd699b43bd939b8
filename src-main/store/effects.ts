import type { CommandBody } from "../../shared/domain/command.ts";
import type { ItemNo, QueueId, ReaderId, RegionId, RunId } from "../../shared/domain/ids.ts";
import type {
  Certainty,
  Fault,
  Reason,
  RegionKind,
  Shape,
  Verdict,
} from "../../shared/domain/review.ts";
import type { QueueRule, ReportField } from "../../shared/domain/command.ts";
import type { AsideCell } from "./aside.ts";
import { findingEffects, type FindingCell, type FindingCellValue } from "./finding-cells.ts";
import { planEffects, type PlanCell, type PlanValue } from "./plan-cells.ts";
import { meetingEffects, type MeetingCell, type MeetingCellValue } from "./meeting-cells.ts";
import { identityEffects, type IdentityCell, type IdentityValue } from "./identity-cells.ts";
import { testEffects, type TestCell, type TestValue } from "./test-cells.ts";

/**
 * The state people make is a set of cells, each holding one value: a reader's verdict on an item, a region, a text of
 * the report. A command writes cells; undo takes its writing away, and the last one that still stands shows again.
 */
export type CellKey =
  | `${JudgementField}/${ItemNo}/${ReaderId}`
  | `region/${RegionId}`
  | `queue/${QueueId}`
  | FindingCell
  | IdentityCell
  | MeetingCell
  | PlanCell
  | TestCell
  | `text/${ReportField}`
  | `role/${ReaderId}`;

/** A cell of the state, or where a merge keeps the other copy's value of one. */
export type StoredCell = CellKey | AsideCell;

export const judgementFields = ["verdict", "certainty", "comment", "fault", "discuss"] as const;
export type JudgementField = (typeof judgementFields)[number];

export interface VerdictValue {
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly run: RunId | null;
  /** The entry that holds what was on screen. */
  readonly viewNo: number | null;
}

export interface RegionValue {
  readonly item: ItemNo;
  readonly kind: RegionKind;
  readonly shape: Shape;
  readonly note: string;
  readonly reader: ReaderId;
}

export interface QueueValue {
  readonly name: string;
  readonly rule: QueueRule;
  readonly items: readonly ItemNo[];
}

/** `null` empties the cell. */
export type CellValue =
  | VerdictValue
  | RegionValue
  | QueueValue
  | FindingCellValue
  | IdentityValue
  | MeetingCellValue
  | PlanValue
  | TestValue
  | Certainty
  | Fault
  | string
  | boolean
  | null;

export interface Effect {
  readonly cell: StoredCell;
  readonly value: CellValue;
}

export type Doable = Exclude<CommandBody, { kind: "undo" | "redo" }>;

/** What `command`, as entry `no` of the record, writes. `read` gives what a cell holds before it. */
export function effectsOf(
  command: Doable,
  readerId: ReaderId | null,
  no: number,
  read: (cell: CellKey) => CellValue,
): Effect[] {
  const reader = readerId ?? ("" as ReaderId); // the audit itself: only queues it makes for a run
  switch (command.kind) {
    case "verdict.set": {
      const { verdict, reasons, run, view } = command;
      const value: VerdictValue = { verdict, reasons, run, viewNo: view ? no : null };
      return command.items.map((item) => ({ cell: `verdict/${item}/${reader}` as const, value }));
    }
    case "verdict.clear":
      return command.items.flatMap((item): Effect[] => {
        const certainty: CellKey = `certainty/${item}/${reader}`;
        const isCertain = read(certainty) !== null;
        return [
          { cell: `verdict/${item}/${reader}`, value: null },
          ...(isCertain ? [{ cell: certainty, value: null }] : []),
        ];
      });
    case "reason.set": {
      const cell: CellKey = `verdict/${command.item}/${reader}`;
      const before = read(cell) as VerdictValue | null; // what verdict cells hold
      const value = { verdict: null, run: null, viewNo: null, ...before, reasons: command.reasons };
      return [{ cell, value }];
    }
    case "certainty.set":
      return [{ cell: `certainty/${command.item}/${reader}`, value: command.certainty }];
    case "comment.set":
      return [{ cell: `comment/${command.item}/${reader}`, value: command.text || null }];
    case "fault.set":
      return [{ cell: `fault/${command.item}/${reader}`, value: command.fault }];
    case "discuss.set":
      return [{ cell: `discuss/${command.item}/${reader}`, value: command.discuss || null }];
    case "region.add": {
      const { item, regionKind: kind, shape, note } = command;
      return [{ cell: `region/${command.region}`, value: { item, kind, shape, note, reader } }];
    }
    case "region.change": {
      const cell: CellKey = `region/${command.region}`;
      const before = read(cell) as RegionValue | null; // what region cells hold
      if (!before) return [];
      const { regionKind: kind, shape, note } = command;
      return [{ cell, value: { ...before, kind, shape, note } }];
    }
    case "region.remove":
      return [{ cell: `region/${command.region}`, value: null }];
    case "queue.create": {
      const { name, rule, items } = command;
      return [{ cell: `queue/${command.queue}`, value: { name, rule, items } }];
    }
    case "finding.create":
    case "finding.change":
    case "finding.addItems":
    case "finding.removeItems":
    case "finding.state":
    case "finding.comment":
      return findingEffects(command, reader, no);
    case "meeting.start":
    case "meeting.verdict":
    case "meeting.clear":
      return meetingEffects(command, reader);
    case "test.run":
      return testEffects(command, reader);
    case "identity.mask":
    case "identity.confirm":
    case "identity.leaveOut":
      return identityEffects(command, reader);
    case "plan.freeze":
      return planEffects(command, no);
    case "report.text":
      return [{ cell: `text/${command.field}`, value: command.text || null }];
    case "reader.role":
      return [{ cell: `role/${command.reader}`, value: command.role }];
  }
}

/** What an entry is about, as the record names it. */
export function objectOf(command: CommandBody): string {
  switch (command.kind) {
    case "verdict.set":
    case "verdict.clear":
    case "identity.mask":
    case "identity.confirm":
    case "identity.leaveOut":
      return command.items.length === 1
        ? `item/${command.items[0]}`
        : `items/${command.items.length}`;
    case "region.add":
    case "region.change":
    case "region.remove":
      return `region/${command.region}`;
    case "queue.create":
      return `queue/${command.queue}`;
    case "finding.create":
    case "finding.change":
    case "finding.addItems":
    case "finding.removeItems":
    case "finding.state":
    case "finding.comment":
      return `finding/${command.finding}`;
    case "test.run":
      return `test/${command.test}`;
    case "meeting.start":
      return `meeting/${command.meeting}`;
    case "plan.freeze":
      return `plan/${command.plan.no}`;
    case "report.text":
      return `text/${command.field}`;
    case "reader.role":
      return `reader/${command.reader}`;
    case "undo":
    case "redo":
      return `record/${command.recordNo}`;
    default:
      return `item/${command.item}`;
  }
}
