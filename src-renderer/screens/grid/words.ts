import type { Audit, ItemRow, Run } from "../../../shared/contract/audits.ts";
import { methods } from "../../../shared/domain/methods.ts";
import { message, type MessageKey } from "../../../shared/messages/catalogue.ts";
import { en } from "../../../shared/messages/en.ts";
import type { ColumnFacts } from "../../query/messages.ts";
import type { Filter } from "../../query/query.ts";
import { scoreWords, valueWords } from "../../review/numbers.ts";

/** A key of the catalogue, if it is one: column ids come from the store. */
function known(key: string): MessageKey | null {
  return key in en ? (key as MessageKey) : null; // sound: looked up on this line
}

/** What a column is called: its own words, a metric's name, or the name of a column of the label file. */
export function columnLabel(id: string): string {
  const key = known(`grid.column.${id}`) ?? known(`metric.${id}`);
  return key ? message(key) : id.replace(/^facet:/, "");
}

/** What a metric measures, in one line; null for a column that needs no explanation. */
export function columnDefinition(id: string): string | null {
  const key = known(`metric.${id}.definition`);
  return key ? message(key) : null;
}

/** What has an id in a column and a name of its own: a queue, a finding. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The name of one word of a choice column; the index after the last word is "none". */
export function wordLabel(facts: ColumnFacts, index: number, names: readonly Named[]): string {
  const word = facts.words[index];
  if (word === undefined) {
    if (facts.id === "verdict") return message("verdict.none");
    return message(facts.id === "label" ? "grid.noLabel" : "grid.none");
  }
  switch (facts.id) {
    case "verdict":
    case "quadrant":
    case "reason":
    case "fault": {
      const key = known(`${facts.id}.${word}`);
      return key ? message(key) : word;
    }
    case "correct":
      return message(word === "right" ? "grid.word.right" : "grid.word.wrong");
    case "flags": {
      const key = known(`grid.flag.${word}`);
      return key ? message(key) : word;
    }
    case "consensus": {
      const key = known(`verdict.${word}`);
      return key ? message(key) : word;
    }
    case "finding":
      return names.find(({ id }) => id === word)?.name ?? message("findings.gone");
    case "queue":
      return names.find(({ id }) => id === word)?.name ?? word;
    default:
      return word;
  }
}

/** A filter as its chip says it. */
export function filterWords(
  filter: Filter,
  facts: ReadonlyMap<string, ColumnFacts>,
  names: readonly Named[],
): string {
  if (filter.kind === "items") return message("grid.chipFind", { words: filter.words });
  const column = facts.get(filter.column);
  const facet = columnLabel(filter.column);
  if (filter.kind === "range") {
    const span = column ? column.high - column.low : 1;
    const min = valueWords(filter.min, span);
    const max = valueWords(filter.max, span);
    return message(filter.not ? "grid.chipRangeNot" : "grid.chipRange", { facet, min, max });
  }
  const label = (index: number) => (column ? wordLabel(column, index, names) : String(index));
  const on = filter.on.map(label).join(", ");
  const not = filter.not.map(label).join(", ");
  const parts = [
    ...(on ? [message("grid.chip", { facet, words: on })] : []),
    ...(not ? [message("grid.notChip", { facet, words: not })] : []),
  ];
  return parts.join(" · ");
}

/** "Run 1, CAM". */
export function runWords(run: Run): string {
  return message("grid.run", { no: run.no, method: methods[run.method].label });
}

/** The class line of a cell: given, or given → predicted where they differ. */
export function classWords(row: ItemRow): string {
  const { label, predicted } = row;
  if (predicted === null || predicted === label) return label ?? message("grid.noLabelShort");
  if (label === null) return predicted;
  return message("grid.arrow", { label, predicted });
}

/** An item as a screen reader says it. */
export function cellName(row: ItemRow): string {
  const { name, label, predicted, confidence, correct, suspicion, verdict, reasons } = row;
  const given =
    label === null ? message("grid.cell.noLabel") : message("grid.cell.given", { label });
  const answer =
    predicted === null
      ? message("grid.cell.notPredicted", { given })
      : message("grid.cell.predicted", {
          given,
          predicted,
          confidence: Math.round((confidence ?? 0) * 100),
          right:
            correct === null
              ? message("grid.cell.noLabel")
              : message(correct ? "grid.word.right" : "grid.word.wrong"),
        });
  const said = verdict === null ? message("verdict.none") : message(`verdict.${verdict}`);
  const marks = [
    ...reasons.map((reason) => message(`reason.${reason}`)),
    ...(row.hasComment ? [message("grid.flag.comment")] : []),
    ...(row.hasRegions ? [message("grid.flag.regions")] : []),
    ...(row.discuss ? [message("grid.flag.discuss")] : []),
    ...(row.fault ? [message(`fault.${row.fault}`)] : []),
    ...(row.isMissing ? [message("grid.missing")] : []),
    ...(row.error ? [message("grid.failed")] : []),
  ];
  return message("grid.cell", {
    name,
    answer,
    suspicion: row.isWeak
      ? message("grid.cell.weak")
      : suspicion === null && row.attention !== null
        ? message("grid.cell.attention", { value: scoreWords(row.attention) })
        : suspicion === null
          ? message("grid.cell.noSuspicion")
          : message("grid.cell.suspicion", { value: scoreWords(suspicion) }),
    verdict: message("grid.cell.verdict", { verdict: said }),
    marks: marks.map((mark) => `, ${mark}`).join(""),
  });
}

/** Whether the screen should say that suspicion rests on border, corner and text alone. */
export function isWithoutEvidence(audit: Audit): boolean {
  return !audit.hasEvidence;
}
