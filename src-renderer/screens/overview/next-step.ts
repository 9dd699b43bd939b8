import type { QueueProgress } from "../../../shared/contract/plans.ts";
import type { AuditScreen } from "../frame/route.ts";

/** What is known of an audit when it is asked what to do next. */
export interface Situation {
  readonly isReadOnly: boolean;
  readonly hasModel: boolean;
  readonly runs: readonly {
    readonly no: number;
    readonly done: number;
    readonly planned: number;
  }[];
  /** Number of the run that goes on now. */
  readonly running: number | null;
  readonly hasPlan: boolean;
  /** With what this reader has still to read in each. */
  readonly queues: readonly (QueueProgress & { readonly left: number })[];
}

/** One sentence and one button: the sentence's key, its places, and where the button leads. */
export interface NextStep {
  readonly kind:
    "no-model" | "no-run" | "running" | "plan" | "read" | "report" | "signed" | "waiting";
  readonly screen: AuditScreen;
  readonly words: Readonly<Record<string, string | number>>;
  /** Seconds of reading, where that is the step. */
  readonly seconds?: number;
  readonly query?: Readonly<Record<string, string>>;
}

/** What is read first: the sample that gives the rate, then what depends on it, then searches. */
const order = ["random", "second", "adjudication", "suspects", "filter"] as const;

/** What to do next in an audit. */
export function nextStep(situation: Situation): NextStep {
  const { runs, running, queues, hasPlan } = situation;
  if (situation.isReadOnly) return { kind: "signed", screen: "report", words: {} };
  if (!situation.hasModel && runs.length === 0)
    return { kind: "no-model", screen: "grid", words: {} };
  const going = runs.find(({ no }) => no === running);
  if (going && queues.length === 0)
    return {
      kind: "running",
      screen: "runs",
      words: { no: going.no, done: going.done, of: going.planned },
    };
  if (runs.every(({ done }) => done === 0)) return { kind: "no-run", screen: "runs", words: {} };
  const sample = queues.find(({ role }) => role === "random");
  if (!hasPlan && (sample === undefined || sample.read === 0))
    return { kind: "plan", screen: "plan", words: {} };
  const unread = queues
    .filter(({ left }) => left > 0)
    .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role))[0];
  if (unread) {
    const open = unread.of - unread.read;
    return {
      kind: "read",
      screen: "review",
      words: { n: unread.left, queue: unread.name },
      seconds: open > 0 ? (unread.secondsLeft * unread.left) / open : 0,
      query: { queue: unread.queue },
    };
  }
  const others = queues
    .filter(({ role }) => role === "random" || role === "second" || role === "adjudication")
    .reduce((sum, { of, read }) => sum + of - read, 0);
  if (others > 0) return { kind: "waiting", screen: "plan", words: { n: others } };
  return { kind: "report", screen: "report", words: {} };
}
