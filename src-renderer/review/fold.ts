import type { ItemDetail, ItemRow } from "../../shared/contract/audits.ts";
import type { Command } from "../../shared/domain/command.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { areaOfShape } from "../../shared/geometry/coverage.ts";
import { mutableShape } from "./region-shapes.ts";

/** Whether `command` changes what is shown of `item`. */
export function touches(command: Command, item: ItemNo): boolean {
  switch (command.kind) {
    case "verdict.set":
    case "verdict.clear":
      return command.items.includes(item);
    case "reason.set":
    case "certainty.set":
    case "comment.set":
    case "fault.set":
    case "discuss.set":
    case "test.run":
    case "region.add":
      return command.item === item;
    case "region.change":
    case "region.remove":
      return true; // which item a region lies on is known only beside it; a fold without it changes nothing
    case "identity.mask":
    case "identity.confirm":
    case "identity.leaveOut":
    case "queue.create":
    case "finding.create":
    case "finding.change":
    case "finding.addItems":
    case "finding.removeItems":
    case "finding.state":
    case "finding.comment":
    case "meeting.start":
    case "meeting.verdict":
    case "meeting.clear":
    case "plan.freeze":
    case "reader.role":
    case "report.text":
    case "undo":
    case "redo":
      return false;
  }
}

/** The row as it will be once the store has taken `commands`, in their order. */
export function foldRow(row: ItemRow, commands: readonly Command[]): ItemRow {
  return commands.reduce((before, command) => {
    if (!touches(command, row.no)) return before;
    switch (command.kind) {
      case "verdict.set":
        return { ...before, verdict: command.verdict, reasons: [...command.reasons] };
      case "verdict.clear":
        return { ...before, verdict: null, reasons: [] };
      case "reason.set":
        return { ...before, reasons: [...command.reasons] };
      case "comment.set":
        return { ...before, hasComment: command.text !== "" };
      case "fault.set":
        return { ...before, fault: command.fault };
      case "discuss.set":
        return { ...before, discuss: command.discuss };
      case "region.add":
        return { ...before, hasRegions: true };
      default:
        return before;
    }
  }, row);
}

/** The whole item as it will be once the store has taken `commands`, in their order. */
export function foldDetail(detail: ItemDetail, commands: readonly Command[]): ItemDetail {
  const own = commands.filter((command) => touches(command, detail.row.no));
  const folded = own.reduce((before: ItemDetail, command): ItemDetail => {
    switch (command.kind) {
      case "verdict.set":
        return { ...before, isForEarlierFile: false };
      case "verdict.clear":
        return { ...before, certainty: null };
      case "certainty.set":
        return { ...before, certainty: command.certainty };
      case "comment.set":
        return { ...before, comment: command.text };
      case "region.add": {
        const { region: id, item, regionKind: kind, shape, readerId, note } = command;
        const region = {
          id,
          item,
          kind,
          shape: mutableShape(shape),
          readerId,
          note,
          isImported: false,
        };
        return {
          ...before,
          regions: [
            ...before.regions.filter((other) => other.id !== id),
            { ...region, areaShare: areaOfShape(shape) },
          ],
        };
      }
      case "region.change": {
        const { regionKind: kind, shape, note } = command;
        return {
          ...before,
          regions: before.regions.map((region) =>
            region.id === command.region
              ? { ...region, kind, shape: mutableShape(shape), note, areaShare: areaOfShape(shape) }
              : region,
          ),
        };
      }
      case "region.remove":
        return {
          ...before,
          regions: before.regions.filter((region) => region.id !== command.region),
        };
      default:
        return before;
    }
  }, detail);
  return { ...folded, row: foldRow(detail.row, own) };
}
