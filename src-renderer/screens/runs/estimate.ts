import type { Run } from "../../../shared/contract/audits.ts";

/** What a run will cost, said before it starts. */
export interface Estimate {
  readonly forwards: number;
  readonly bytes: number;
  /** From earlier runs of the same model on this computer; null before the first. */
  readonly seconds: readonly [low: number, high: number] | null;
}

/**
 * Forward passes and disk from the graph; time from the newest finished run of the model, whose seconds for each
 * forward pass are taken for this one: from 0.7 to 1.5 of it, since decoding weighs differently.
 */
export function estimateOf(options: {
  readonly items: number;
  readonly forwards: number;
  readonly grid: readonly [channels: number, height: number, width: number];
  readonly earlier: readonly { readonly run: Run; readonly forwards: number }[];
}): Estimate {
  const { items, forwards, grid, earlier } = options;
  const passes = items * forwards;
  const last = earlier.findLast(
    ({ run }) => run.startedAt !== null && run.endedAt !== null && run.done > 0,
  );
  let seconds: Estimate["seconds"] = null;
  if (last) {
    const took = (Date.parse(last.run.endedAt ?? "") - Date.parse(last.run.startedAt ?? "")) / 1000;
    const each = took / (last.run.done * last.forwards);
    seconds = [passes * each * 0.7, passes * each * 1.5];
  }
  return { forwards: Math.ceil(passes), bytes: items * grid[1] * grid[2] * 4, seconds };
}
