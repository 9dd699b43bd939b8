import { createHash, randomUUID } from "node:crypto";
import type { PlannedQueue } from "../../shared/domain/command.ts";
import type { ItemNo, QueueId, RunId } from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import {
  planText,
  type Plan,
  type PlanChoices,
  type PlannedSearch,
  type StratumKind,
  type SuspectChoice,
} from "../../shared/domain/plan.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { acceptancePlan, type AcceptancePlan } from "../../shared/statistics/acceptance-plan.ts";
import { secondReadingSize, sizeForEstimate } from "../../shared/statistics/sample-size.ts";
import { sample } from "../../shared/statistics/sample.ts";
import { samplingPlan, type SamplingPlan } from "../../shared/statistics/sampling-plan.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import { rankSuspects } from "../suspicion/rank.ts";
import { listHash, listName } from "./list-hash.ts";
import { siteOf } from "./site-of.ts";

/** Everything a plan says before it has a number: its lists drawn, nothing written. */
export interface DrawnPlan {
  readonly population: readonly Item[];
  readonly sampling: SamplingPlan;
  readonly sample: readonly ItemNo[];
  readonly partOf: readonly number[];
  readonly second: readonly ItemNo[];
  readonly suspects: readonly ItemNo[];
  readonly acceptance: AcceptancePlan | null;
}

/** Draws the lists of a plan: the same choices on the same audit give the same lists. */
export function drawPlan(store: AuditReader, choices: PlanChoices): DrawnPlan {
  const population = [...store.allItems()].filter(({ error }) => error === null);
  if (population.length === 0) fail("plan/no-items", {});
  const { run, strata, allocation, seed, order } = choices;
  const needsRun =
    strata.includes("answer") ||
    allocation === "neyman" ||
    order === "by-score" ||
    choices.suspects;
  if (needsRun && run === null) fail("plan/needs-run", {});
  const scores = run ? scoresOf(store, run) : new Map<ItemNo, number>();
  const size = sampleSize(choices, population.length);
  const keys = keysOf(store, run, strata);
  const noOf = new Map(population.map((item) => [listName(item), item.no]));
  const sampling = samplingPlan(
    population.map((item) => ({ id: listName(item), keys: keys(item) })),
    {
      size,
      seed,
      allocation:
        allocation === "neyman"
          ? {
              kind: "neyman",
              suspicion: new Map(
                population.map((item) => [listName(item), scores.get(item.no) ?? NaN]),
              ),
            }
          : { kind: "proportional" },
    },
  );
  const itemNo = (name: string) => noOf.get(name) ?? -1; // every id names an item of the population
  const partByItem = new Map(
    sampling.strata.flatMap(({ members }, part) => members.map((name) => [itemNo(name), part])),
  );
  const drawn = sampling.items.map(itemNo);
  const ordered = order === "by-score" ? byScore(drawn, scores) : drawn;
  const secondSize = choices.secondSize ?? secondReadingSize(drawn.length);
  return {
    population,
    sampling,
    sample: ordered,
    partOf: ordered.map((no) => partByItem.get(no) ?? 0),
    // An order of its own, random whatever the first one is.
    second: sample(sampling.items, secondSize, seed ^ 0x5ec0d).map(itemNo),
    suspects: choices.suspects ? suspectsOf(population, scores, choices.suspects) : [],
    acceptance: acceptanceOf(choices, population.length),
  };
}

/** The plan with its queues, ready to be frozen. */
export function planOf(
  store: AuditReader,
  choices: PlanChoices,
  about: { readonly no: number; readonly reason: string },
): { readonly plan: Plan; readonly queues: readonly PlannedQueue[] } {
  const drawn = drawPlan(store, choices);
  mustAllowAcceptance(choices, drawn);
  const { no } = about;
  const inPlan = (name: string) =>
    no === 1 ? name : message("jobs.queue.planned.name", { name, no });
  const listSha256 = listHash(store, drawn.sample);
  const sampleQueue: PlannedQueue = {
    queue: newQueueId(),
    name: inPlan(message("jobs.queue.planned.random", { n: drawn.sample.length })),
    rule: { kind: "random", seed: choices.seed, size: drawn.sample.length, listSha256 },
    items: drawn.sample,
  };
  const secondSha256 = listHash(store, drawn.second);
  const hasSecond = drawn.second.length > 0 || choices.allSpurious;
  const secondQueue: PlannedQueue | null = hasSecond
    ? {
        queue: newQueueId(),
        name: inPlan(message("jobs.queue.planned.second", { n: drawn.second.length })),
        rule: {
          kind: "second",
          of: sampleQueue.queue,
          size: drawn.second.length,
          listSha256: secondSha256,
        },
        items: drawn.second,
      }
    : null;
  const thirdQueue: PlannedQueue | null = hasSecond
    ? {
        queue: newQueueId(),
        name: inPlan(message("jobs.queue.planned.adjudication")),
        rule: { kind: "adjudication", of: sampleQueue.queue },
        items: [],
      }
    : null;
  const searches = searchQueues(store, choices, drawn, inPlan);
  const body: Omit<Plan, "hash"> = {
    no,
    reason: about.reason,
    population: drawn.population.length,
    sample: {
      queue: sampleQueue.queue,
      wish: choices.wish,
      size: drawn.sample.length,
      seed: choices.seed,
      strata: choices.strata,
      allocation: choices.allocation,
      run: choices.run,
      parts: drawn.sampling.strata.map((part) => ({
        cells: part.cells,
        size: part.members.length,
        drawn: part.drawn,
      })),
      partOf: drawn.partOf,
      listSha256,
    },
    searches: searches.map(({ search }) => search),
    reading: {
      blind: choices.blind,
      order: choices.order,
      first: choices.first,
      second: choices.second,
      secondReading: secondQueue && {
        queue: secondQueue.queue,
        size: drawn.second.length,
        listSha256: secondSha256,
        allSpurious: choices.allSpurious,
      },
      adjudication: thirdQueue?.queue ?? null,
    },
    acceptance:
      choices.acceptance && drawn.acceptance
        ? { ...choices.acceptance, n: drawn.acceptance.n, c: drawn.acceptance.c }
        : null,
  };
  const hash = createHash("sha256").update(planText(body)).digest("hex");
  const queues = [sampleQueue, secondQueue, thirdQueue, ...searches.map(({ queue }) => queue)];
  return { plan: { ...body, hash }, queues: queues.filter((queue) => queue !== null) };
}

function searchQueues(
  store: AuditReader,
  choices: PlanChoices,
  drawn: DrawnPlan,
  inPlan: (name: string) => string,
): { readonly search: PlannedSearch; readonly queue: PlannedQueue }[] {
  const made: { search: PlannedSearch; queue: PlannedQueue }[] = [];
  const { run, suspects, filter } = choices;
  if (suspects && run && drawn.suspects.length > 0) {
    const size = drawn.suspects.length;
    const queue = newQueueId();
    const name = message("jobs.queue.planned.suspects", { n: size, run: store.runById(run).no });
    made.push({
      search: { kind: "suspects", queue, run, size, choice: suspects },
      queue: {
        queue,
        name: inPlan(name),
        rule: { kind: "suspects", run, size },
        items: drawn.suspects,
      },
    });
  }
  if (filter) {
    const queue = newQueueId();
    made.push({
      search: { kind: "filter", queue, size: filter.items.length },
      queue: {
        queue,
        name: inPlan(filter.name),
        rule: { kind: "filter", words: filter.name },
        items: filter.items,
      },
    });
  }
  return made;
}

/** An acceptance test counts what it reads in random order, of the dataset as a whole. */
function mustAllowAcceptance(choices: PlanChoices, { acceptance, sample: list }: DrawnPlan): void {
  if (!acceptance) return;
  if (choices.strata.length > 0 || choices.order === "by-score") fail("plan/acceptance-strata", {});
  if (acceptance.n > list.length)
    fail("plan/acceptance-size", { n: acceptance.n, size: list.length });
}

function acceptanceOf({ acceptance }: PlanChoices, population: number): AcceptancePlan | null {
  if (!acceptance) return null;
  try {
    return acceptancePlan({ ...acceptance, population });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return fail("plan/acceptance-rates", { ...acceptance, population });
  }
}

/** As many as were asked for, or as the margin needs at a rate of one half; all when there are fewer. */
export function sampleSize({ wish }: Pick<PlanChoices, "wish">, population: number): number {
  const size =
    wish.kind === "size"
      ? wish.size
      : sizeForEstimate({ rate: 0.5, halfWidth: wish.margin, population });
  return Math.min(population, size);
}

/** Keys of an item by the wanted kinds of strata, from the coarsest to the finest. */
function keysOf(
  store: AuditReader,
  run: RunId | null,
  strata: readonly StratumKind[],
): (item: Item) => string[] {
  const answers = new Map(
    run && strata.includes("answer")
      ? store.predictions(run).map(({ item, correct }) => [item, correct])
      : [],
  );
  const sites = strata.includes("site") ? siteOf(store) : null;
  return (item) =>
    strata.map((kind) => {
      if (kind === "class") return item.label ?? "";
      if (kind === "site") return sites?.get(item.no) ?? "";
      const correct = answers.get(item.no) ?? null;
      return correct === null ? "" : correct ? "right" : "wrong";
    });
}

function scoresOf(store: AuditReader, run: RunId): ReadonlyMap<ItemNo, number> {
  const scores = new Map<ItemNo, number>();
  for (const { item, measures } of store.measures(run))
    if (typeof measures.suspicion === "number") scores.set(item, measures.suspicion);
  return scores;
}

/** Highest first, without a score last. */
function byScore(items: readonly ItemNo[], scores: ReadonlyMap<ItemNo, number>): ItemNo[] {
  const of = (no: ItemNo) => scores.get(no) ?? -1;
  return items.toSorted((a, b) => of(b) - of(a) || a - b);
}

function suspectsOf(
  population: readonly Item[],
  scores: ReadonlyMap<ItemNo, number>,
  { top, above, perClass }: SuspectChoice,
): ItemNo[] {
  const labels = new Map(population.map(({ no, label }) => [no, label]));
  const taken = new Map<string | null, number>();
  const chosen: ItemNo[] = [];
  for (const no of rankSuspects(
    [...labels.keys()].map((one) => ({ no: one, score: scores.get(one) ?? null })),
  )) {
    if (top !== null && chosen.length >= top) break;
    if (above !== null && (scores.get(no) ?? 0) < above) break;
    const label = labels.get(no) ?? null;
    const own = taken.get(label) ?? 0;
    if (perClass !== null && own >= perClass) continue;
    taken.set(label, own + 1);
    chosen.push(no);
  }
  return chosen;
}

function newQueueId(): QueueId {
  return randomUUID() as QueueId; // the one place that makes them for plans
}
