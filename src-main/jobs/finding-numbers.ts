import type { Finding } from "../../shared/domain/finding.ts";
import type { FindingNumbers } from "../../shared/domain/finding-numbers.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import { estimatedRate } from "../../shared/statistics/estimated-rate.ts";
import type { Count } from "../../shared/statistics/proportion.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import { countedReads, sampleInForce, type Counted, type Sample } from "./rates.ts";
import { siteOf } from "./site-of.ts";

/** What the numbers of every finding are made from, read once. */
interface Facts {
  readonly items: readonly Item[];
  /** Whether the model is right, of labelled items it answered. */
  readonly right: ReadonlyMap<ItemNo, boolean>;
  readonly sites: ReadonlyMap<ItemNo, string>;
  readonly sample: { readonly of: Sample; readonly counted: readonly Counted[] } | null;
}

/**
 * The numbers of findings (review-experience 6.10). `run`: whose answers count; null: no accuracy. A sampled item counts
 * once it was read in the sample, whatever its verdict: it belongs to the finding or it does not.
 */
export function findingNumbers(
  store: AuditReader,
  findings: readonly Finding[],
  run: RunId | null,
): FindingNumbers[] {
  if (findings.length === 0) return [];
  const sample = sampleInForce(store);
  const facts: Facts = {
    items: [...store.allItems()],
    right: new Map(
      (run ? store.predictions(run) : []).flatMap(({ item, correct }) =>
        correct === null ? [] : [[item, correct] as const],
      ),
    ),
    sites: siteOf(store),
    sample: sample && {
      of: sample,
      counted: countedReads(sample, store.sampleReadings(sample.queue)),
    },
  };
  return findings.map((finding) => ({
    found: finding.items.length,
    ...rateOf(finding, facts),
    ...accuracyOf(finding, facts),
    sites: sitesOf(finding, facts),
    noLongerSpurious: store.noLongerSpurious(finding.id),
  }));
}

/** The run whose answers findings are measured by: the newest that has any. */
export function runOfFindings(store: AuditReader): RunId | null {
  return store.runs().findLast(({ done }) => done > 0)?.id ?? null;
}

function rateOf(finding: Finding, { sample }: Facts): Pick<FindingNumbers, "rate" | "rateCause"> {
  if (!sample) return { rate: null, rateCause: "no-sample" };
  const { plan, items, population, seed } = sample.of;
  const { counted } = sample;
  if (counted.length === 0) return { rate: null, rateCause: "not-read" };
  // Read by score and not to its end, what was read is no random sample.
  if (plan?.reading.order === "by-score" && counted.length < items.length)
    return { rate: null, rateCause: "order" };
  const own = new Set(finding.items);
  const sizes = plan ? plan.sample.parts.map(({ size }) => size) : [population.length];
  const reads = counted.map((read) => ({ ...read, isFinding: own.has(read.item.no) }));
  const rate = estimatedRate(reads, sizes, { seed });
  return { rate, rateCause: rate ? null : "few-in-stratum" };
}

function accuracyOf(
  finding: Finding,
  { items, right }: Facts,
): Pick<FindingNumbers, "accuracy" | "classes"> {
  const own = new Set(finding.items);
  const count = (isMember: (item: Item) => boolean): Count => {
    const members = items.filter((item) => right.has(item.no) && isMember(item));
    return { k: members.filter(({ no }) => right.get(no)).length, n: members.length };
  };
  if (right.size === 0) return { accuracy: null, classes: [] };
  const labels = new Set(items.flatMap(({ no, label }) => (own.has(no) ? [label] : [])));
  const names =
    finding.classes.length > 0
      ? finding.classes
      : [...labels].filter((label) => label !== null).toSorted();
  return {
    accuracy: {
      all: count(() => true),
      without: count(({ no }) => !own.has(no)),
      within: count(({ no }) => own.has(no)),
    },
    classes: names.map((name) => ({
      name,
      within: count(({ no, label }) => own.has(no) && label === name),
      without: count(({ no, label }) => !own.has(no) && label === name),
    })),
  };
}

function sitesOf({ items }: Finding, { sites }: Facts): FindingNumbers["sites"] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const site = sites.get(item);
    if (site !== undefined) counts.set(site, (counts.get(site) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, k]) => ({ name, k, of: items.length }))
    .toSorted((a, b) => b.k - a.k || a.name.localeCompare(b.name));
}
