import {
  isGated,
  sheetFacts,
  sheetNotes,
  sheetSentence,
  sheetTable,
} from "../../../shared/domain/sheet-words.ts";
import type { ReliabilitySheet } from "../../../shared/domain/sheet.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { ReportData } from "../report-data.ts";
import type { Block, Fact } from "./document.ts";
import { sentence } from "./names.ts";

/** The sheet of the report's run; null where none was made. */
export function sheetOf({ run, sheets }: ReportData): ReliabilitySheet | null {
  return sheets.find((one) => one.run === run?.id)?.sheet ?? null;
}

/** Whether what the maps show must be worded as no evidence. */
export function isUnreliable(data: ReportData): boolean {
  const sheet = sheetOf(data);
  return sheet !== null && isGated(sheet.verdict);
}

/** What stands before or behind every result: that the maps follow the model, or that nobody can say so. */
export function reliabilityWords(data: ReportData): string {
  return sentence(sheetSentence(sheetOf(data)));
}

/** All that a sheet says. */
export function reliabilityBlocks(data: ReportData): Block[] {
  const sheet = sheetOf(data);
  const heading: Block = { kind: "heading", text: message("sheet.title") };
  const words: Block = { kind: "paragraph", text: reliabilityWords(data) };
  if (!sheet) return [heading, words];
  const { heads, rows } = sheetTable(sheet);
  return [
    heading,
    words,
    {
      kind: "table",
      columns: heads.map((head, i) => ({
        head,
        align: "right",
        width: i === 1 ? 5 : 2.5,
      })),
      rows: rows.map((row) => [...row]),
    },
    {
      kind: "facts",
      rows: sheetFacts(sheet).map(([name, value]): Fact => [name, sentence(value)]),
    },
    { kind: "note", text: `${sheetNotes(sheet).join(". ")}.` },
  ];
}
