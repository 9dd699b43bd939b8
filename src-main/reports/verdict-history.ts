import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ItemNo, QueueId, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { Certainty, Reason, Verdict, ViewState } from "../../shared/domain/review.ts";

/** One verdict as it was given, or as an undo or a change of reasons left it; never overwritten, only superseded. */
export interface GivenVerdict {
  readonly id: string;
  readonly item: ItemNo;
  readonly readerId: ReaderId;
  readonly run: RunId | null;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly view: ViewState | null;
  readonly queue: QueueId | null;
  /** Given to more than one item at once. */
  readonly isPropagated: boolean;
  readonly at: string;
  readonly recordNo: number;
  /** What was said with it while it stood. */
  readonly certainty: Certainty | null;
  readonly comment: string;
  readonly supersededBy: number | null;
}

type Growing = { -readonly [Key in keyof GivenVerdict]: GivenVerdict[Key] };

/** Every verdict of the record, in order: a fold over its entries, undo and redo included. */
export function verdictHistory(record: Iterable<RecordEntry>): GivenVerdict[] {
  const given: Growing[] = [];
  const standing = new Map<string, Growing>();
  const certainties = new Map<string, Certainty | null>();
  const comments = new Map<string, string>();
  const views = new Map<number, ViewState>();

  const write = (key: string, entry: RecordEntry, value: Content | null, isPropagated = false) => {
    const before = standing.get(key);
    if (before) before.supersededBy = entry.no;
    standing.delete(key);
    if (!value?.verdict) return;
    const [item, ...reader] = key.split("/");
    const view = value.view ?? (value.viewNo === null ? null : (views.get(value.viewNo) ?? null));
    const row: Growing = {
      id: `${entry.no}-${item}`,
      item: Number(item),
      readerId: reader.join("/") as ReaderId, // sound: the key was made of one
      run: value.run,
      verdict: value.verdict,
      reasons: value.reasons,
      view,
      queue: view?.queue ?? null,
      isPropagated,
      at: entry.at,
      recordNo: entry.no,
      certainty: certainties.get(key) ?? null,
      comment: comments.get(key) ?? "",
      supersededBy: null,
    };
    given.push(row);
    standing.set(key, row);
  };
  const say = (field: string, key: string, value: unknown) => {
    const row = standing.get(key);
    if (field === "certainty") {
      const certainty = (value ?? null) as Certainty | null; // as the record's schema has it
      certainties.set(key, certainty);
      if (row) row.certainty = certainty;
    } else if (field === "comment") {
      const comment = String(value ?? "");
      comments.set(key, comment);
      if (row) row.comment = comment;
    }
  };

  for (const entry of record) {
    const after = (entry.after ?? {}) as Record<string, unknown>; // every personal entry holds an object
    const key = (item: unknown) => `${String(item)}/${entry.readerId ?? ""}`;
    switch (entry.action) {
      case "verdict.set": {
        const items = after["items"] as readonly ItemNo[]; // as the command had it
        const view = (after["view"] ?? null) as ViewState | null; // as the command had it
        if (view) views.set(entry.no, view);
        const value = { ...(after as unknown as Content), view, viewNo: null }; // as the command had it
        for (const item of items) write(key(item), entry, value, items.length > 1);
        break;
      }
      case "verdict.clear":
        for (const item of after["items"] as readonly ItemNo[]) {
          say("certainty", key(item), null); // goes with the verdict
          write(key(item), entry, null);
        }
        break;
      case "reason.set": {
        const now = standing.get(key(after["item"]));
        if (!now) break; // reasons without a verdict are no verdict
        const reasons = after["reasons"] as readonly Reason[]; // as the command had it
        write(key(after["item"]), entry, { ...now, reasons, viewNo: null });
        break;
      }
      case "certainty.set":
        say("certainty", key(after["item"]), after["certainty"]);
        break;
      case "comment.set":
        say("comment", key(after["item"]), after["text"]);
        break;
      case "undo":
      case "redo":
        for (const [cell, value] of Object.entries(after)) {
          const [field, ...rest] = cell.split("/");
          if (field === "verdict") write(rest.join("/"), entry, value as Content | null);
          else say(field, rest.join("/"), value);
        }
    }
  }
  return given;
}

interface Content {
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly run: RunId | null;
  readonly view?: ViewState | null;
  readonly viewNo: number | null;
}
