import type { ItemNo, QueueId } from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import { planInForce } from "../../shared/domain/plan.ts";
import {
  placedQuadrants,
  type AcceptanceResult,
  type GroupRate,
  type Rate,
  type RateGroupKind,
  type Rates,
  type PlacedQuadrant,
} from "../../shared/domain/rates.ts";
import { quadrantOf } from "../../shared/domain/quadrant.ts";
import { verdicts, type Verdict } from "../../shared/domain/review.ts";
import { acceptancePlan } from "../../shared/statistics/acceptance-plan.ts";
import { agreement, type Agreement } from "../../shared/statistics/agreement.ts";
import { estimatedRate, type SampledRead } from "../../shared/statistics/estimated-rate.ts";
import { hajek } from "../../shared/statistics/hajek.ts";
import { operatingCharacteristic } from "../../shared/statistics/operating-characteristic.ts";
import { clopperPearson } from "../../shared/statistics/proportion.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import type { FrozenPlan } from "../store/plans.ts";
import { disagreements, type Reading } from "../store/plan-readings.ts";
import { siteOf } from "./site-of.ts";

/** The random sample that rates come from, with what is known of it. */
export interface Sample {
  readonly queue: QueueId;
  readonly items: readonly ItemNo[];
  readonly seed: number;
  readonly listSha256: string;
  readonly plan: FrozenPlan | null;
  readonly population: readonly Item[];
}

/** An item of the sample that was read, with the verdict that counts. */
export interface Counted extends SampledRead {
  readonly item: Item;
  readonly verdict: Verdict;
}

/**
 * Rates of the dataset and of its parts, the acceptance test and the readers' agreement, from the random sample alone (RX-61,
 * RX-63): of the plan in force, else of the sample that the first run made.
 */
export function ratesOf(store: AuditReader): Rates {
  const sample = sampleInForce(store);
  if (!sample) return noRates;
  const { plan, items, population, seed } = sample;
  const readings = store.sampleReadings(sample.queue);
  const counted = countedReads(sample, readings);
  const isByScore = plan?.reading.order === "by-score" && counted.length < items.length;
  const sizes = plan ? plan.sample.parts.map(({ size }) => size) : [population.length];
  const overall = isByScore ? null : estimatedRate(counted, sizes, { seed });
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<
    Verdict,
    number
  >; // every one is a key
  for (const { verdict } of counted) counts[verdict] += 1;
  return {
    queue: sample.queue,
    plan: plan?.no ?? null,
    seed,
    listSha256: sample.listSha256,
    population: population.length,
    size: items.length,
    read: counted.length,
    verdicts: counts,
    overall,
    quadrants: overall && quadrantRates(store, sample, counted, sizes),
    cause: overall
      ? null
      : counted.length === 0
        ? "not-read"
        : isByScore
          ? "order"
          : "few-in-stratum",
    groups: isByScore ? [] : groupRates(store, sample, counted, sizes),
    acceptance: acceptanceOf(sample, counted),
    agreement: agreementOf(sample, readings),
    disagreements: disagreementsOf(readings),
  };
}

/** The verdict that counts of each item of the random sample that was read. */
export function countedVerdicts(store: AuditReader): ReadonlyMap<ItemNo, Verdict> {
  const sample = sampleInForce(store);
  const counted = sample ? countedReads(sample, store.sampleReadings(sample.queue)) : [];
  return new Map(counted.map(({ item, verdict }) => [item.no, verdict]));
}

const noRates: Rates = {
  queue: null,
  plan: null,
  seed: 0,
  listSha256: "",
  population: 0,
  size: 0,
  read: 0,
  verdicts: { sound: 0, spurious: 0, mixed: 0, unclear: 0, unreliable: 0 },
  overall: null,
  quadrants: null,
  cause: "no-sample",
  groups: [],
  acceptance: null,
  agreement: null,
  disagreements: [],
};

/** The sample that rates come from: of the plan in force, else the one the first run made; null where nothing was drawn. */
export function sampleInForce(store: AuditReader): Sample | null {
  const plan = planInForce(store.plans());
  const queue = store
    .queues()
    .find(({ id, rule }) => (plan ? id === plan.sample.queue : rule.kind === "random"));
  if (!queue || queue.rule.kind !== "random") return null;
  const { id, items, rule } = queue;
  const { seed, listSha256 } = rule;
  const population = [...store.allItems()].filter(({ error }) => plan === null || error === null);
  return { queue: id, items, seed, listSha256, plan, population };
}

/**
 * The verdict that counts of each item: a third person's where readers disagreed, else that of who was to read it first, else
 * of who read it first.
 */
export function countedReads(
  { items, plan, population }: Sample,
  readings: readonly Reading[],
): Counted[] {
  const byItem = Map.groupBy(readings, ({ item }) => item);
  const known = new Map(population.map((item) => [item.no, item]));
  return items.flatMap((no, position): Counted[] => {
    const own = byItem.get(no) ?? [];
    const { first = [] } = plan?.reading ?? {};
    const due = first.length > 0 ? first[position % first.length] : null;
    const firsts = own
      .filter(({ role }) => role === "random")
      .toSorted((a, b) => a.firstNo - b.firstNo);
    const given = settledBy(own) ?? firsts.find(({ reader }) => reader === due) ?? firsts[0];
    const item = known.get(no);
    if (!given || !item) return [];
    return [
      {
        item,
        verdict: given.verdict,
        isFinding: given.verdict === "spurious",
        stratum: plan?.sample.partOf[position] ?? 0,
        patient: item.group,
      },
    ];
  });
}

/** The latest verdict of a third person on an item whose readers disagree. */
function settledBy(own: readonly Reading[]): Reading | null {
  if (disagreements(own).length === 0) return null;
  const third = own.filter(({ role }) => role === "adjudication");
  return third.toSorted((a, b) => b.recordNo - a.recordNo)[0] ?? null;
}

/** How often each quadrant comes: answer of the run by verdict. Null without a run, or where a stratum is too small. */
function quadrantRates(
  store: AuditReader,
  { plan, seed }: Sample,
  counted: readonly Counted[],
  sizes: readonly number[],
): Rates["quadrants"] {
  const answers = answersOf(store, plan);
  if (answers.size === 0) return null;
  const rates = placedQuadrants.map((quadrant) => {
    const reads = counted.map((one) => {
      const answer = answers.get(one.item.no) ?? null;
      return { ...one, isFinding: quadrantOf(answer, one.verdict, "unjudged") === quadrant };
    });
    return [quadrant, estimatedRate(reads, sizes, { seed })] as const;
  });
  if (rates.some(([, rate]) => rate === null)) return null;
  return Object.fromEntries(rates) as Record<PlacedQuadrant, Rate>; // every one has a rate
}

/** Whether each answer is right, in the run that the plan names, else in the newest with maps. */
function answersOf(
  store: AuditReader,
  plan: FrozenPlan | null,
): ReadonlyMap<ItemNo, boolean | null> {
  const run = plan?.sample.run ?? store.runs().findLast(({ done }) => done > 0)?.id ?? null;
  return new Map(run ? store.predictions(run).map((one) => [one.item, one.correct]) : []);
}

function groupRates(
  store: AuditReader,
  { population, items, plan, seed }: Sample,
  counted: readonly Counted[],
  sizes: readonly number[],
): GroupRate[] {
  const answers = answersOf(store, plan);
  const sites = siteOf(store);
  const read = sizes.map((_, part) => counted.filter(({ stratum }) => stratum === part).length);
  const partOf = new Map(items.map((no, i) => [no, plan?.sample.partOf[i] ?? 0]));
  const keys: Readonly<Record<RateGroupKind, (item: Item) => string | null>> = {
    class: ({ label }) => label,
    answer: ({ no }) => {
      const correct = answers.get(no) ?? null;
      return correct === null ? null : correct ? "right" : "wrong";
    },
    site: ({ no }) => sites.get(no) ?? null,
  };
  return (["class", "answer", "site"] as const).flatMap((kind) => {
    const all = Map.groupBy(population, keys[kind]);
    return [...all].flatMap(([name, members]): GroupRate[] => {
      if (name === null) return [];
      const own = counted.filter(({ item }) => keys[kind](item) === name);
      const parts = members.flatMap(({ no }) => partOf.get(no) ?? []);
      // Within one stratum everything was drawn at one share.
      const isInOne = new Set(parts).size <= 1;
      return [
        {
          kind,
          name,
          population: members.length,
          sampled: parts.length,
          rate: isInOne
            ? estimatedRate(
                own.map((read) => ({ ...read, stratum: 0 })),
                [members.length],
                { seed },
              )
            : weightedRate(
                own,
                read.map((n, part) => n / sizes[part]),
                seed,
              ),
        },
      ];
    });
  });
}

/** The rate of a group that runs across strata, each read weighted by the share its stratum was read at. */
function weightedRate(
  own: readonly Counted[],
  shares: readonly number[],
  seed: number,
): Rate | null {
  const estimate = hajek(
    own.map(({ isFinding, stratum, patient }) => ({
      isFinding,
      inclusion: shares[stratum],
      group: patient,
    })),
    { seed },
  );
  return (
    estimate && {
      k: own.filter(({ isFinding }) => isFinding).length,
      n: own.length,
      p: estimate.p,
      interval: estimate.interval,
      method: "weighted",
      patients: new Set(own.map(({ patient, item }) => patient ?? item.no)).size,
    }
  );
}

/** The acceptance test over the first n of the sample; decided as soon as it cannot go the other way. */
function acceptanceOf(
  { plan, items, population }: Sample,
  counted: readonly Counted[],
): AcceptanceResult | null {
  if (!plan?.acceptance) return null;
  const { good, bad, n, c } = plan.acceptance;
  const within = new Set(items.slice(0, n));
  const own = counted.filter(({ item }) => within.has(item.no));
  const found = own.filter(({ isFinding }) => isFinding).length;
  const aim = acceptancePlan({ good, bad, population: plan.population });
  return {
    plan: { ...aim, good, bad, n, c },
    read: own.length,
    found,
    decision: found > c ? "reject" : own.length === n ? "accept" : "open",
    interval: clopperPearson({ k: found, n: own.length }),
    curve: operatingCharacteristic(
      { n, c },
      {
        highest: Math.min(1, 2 * bad),
        points: 61,
        ...(aim.model === "hypergeometric" && { population: population.length }),
      },
    ),
  };
}

/** First and second readings, not the third person's; null where nobody read an item a second time. */
function agreementOf(
  { items, population, seed }: Sample,
  readings: readonly Reading[],
): Agreement | null {
  const readers = [...new Set(readings.map(({ reader }) => reader))].toSorted();
  const byItem = Map.groupBy(
    readings.filter(({ role }) => role !== "adjudication"),
    ({ item }) => item,
  );
  const shared = items.filter((no) => (byItem.get(no)?.length ?? 0) > 1);
  if (shared.length === 0) return null;
  const patients = new Map(population.map(({ no, group }) => [no, group]));
  const ratings = shared.map((no) =>
    readers.map((reader) => {
      const own = byItem.get(no)?.find((one) => one.reader === reader);
      return own ? verdicts.indexOf(own.verdict) : null;
    }),
  );
  return agreement(withoutIdle(ratings), {
    categories: verdicts.length,
    seed,
    groups: shared.map((no) => patients.get(no) ?? null),
  });
}

/** Readers that read none of the items are no column: two readers are two, however many others there are. */
function withoutIdle(ratings: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const isUsed = (ratings[0] ?? []).map((_, reader) => ratings.some((row) => row[reader] !== null));
  return ratings.map((row) => row.filter((_, reader) => isUsed[reader]));
}

function disagreementsOf(readings: readonly Reading[]): Rates["disagreements"] {
  const byItem = Map.groupBy(readings, ({ item }) => item);
  return disagreements(readings).map((item) => {
    const own = byItem.get(item) ?? [];
    const settled = settledBy(own);
    return {
      item,
      verdicts: own
        .filter(({ role }) => role !== "adjudication")
        .map(({ reader, verdict }) => ({ reader, verdict })),
      settled: settled && { reader: settled.reader, verdict: settled.verdict },
    };
  });
}
