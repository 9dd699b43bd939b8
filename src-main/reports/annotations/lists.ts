import type { Fault } from "../../../shared/domain/review.ts";
import type { Finding, Recommendation } from "../../../shared/domain/finding.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { textFile, type Exported } from "./annotated.ts";

/** What decides of one item: faults that anyone named, and the findings it belongs to. */
export interface ListedItem {
  readonly name: string;
  readonly isReadable: boolean;
  readonly faults: readonly Fault[];
  readonly findings: readonly Pick<Finding, "state" | "recommendations">[];
}

const excluding: readonly Fault[] = ["duplicate", "unreadable", "identity"];
const relabelling: readonly Fault[] = ["wrong-label", "wrong-class"];

/**
 * `keep.txt`, `exclude.txt` and `relabel.txt`: every item in exactly one of them, a name a line; lines with # state the rule.
 * Exclude goes before relabel. Findings that are fixed or disputed advise nothing.
 */
export function listsOf(items: readonly ListedItem[]): Exported {
  const lists = { exclude: [] as string[], relabel: [] as string[], keep: [] as string[] };
  for (const item of items) lists[listOf(item)].push(item.name.replace(/[\r\n]/g, "_"));
  const files = (["keep", "exclude", "relabel"] as const).map((list) => {
    const head = [
      message(`export.list.${list}`),
      message("export.list.count", { n: lists[list].length }),
    ];
    return textFile(
      `${list}.txt`,
      [...head.map((line) => `# ${line}`), ...lists[list], ""].join("\n"),
    );
  });
  return { files, losses: [] };
}

function listOf({ isReadable, faults, findings }: ListedItem): "exclude" | "relabel" | "keep" {
  const standing = findings.filter(({ state }) => state === "open" || state === "accepted");
  const advises = (what: Recommendation) =>
    standing.some(({ recommendations }) => recommendations.includes(what));
  if (!isReadable || faults.some((fault) => excluding.includes(fault)) || advises("remove"))
    return "exclude";
  if (faults.some((fault) => relabelling.includes(fault)) || advises("relabel")) return "relabel";
  return "keep";
}
