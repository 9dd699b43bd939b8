/** Interleaved repeats: one of each in turn, so that a machine that slows down slows all of them. */
export interface Timed {
  readonly name: string;
  run(): Promise<unknown>;
}

export interface Medians {
  /** Median milliseconds by name. */
  readonly ms: Readonly<Record<string, number>>;
  readonly repeats: number;
}

/** Medians over repeats that fill about `budgetMs`, at least `least` of each; one of each goes first, uncounted. */
export async function interleave(
  timed: readonly Timed[],
  { budgetMs, least }: { readonly budgetMs: number; readonly least: number },
): Promise<Medians> {
  for (const { run } of timed) await run();
  const samples = new Map(timed.map(({ name }) => [name, [] as number[]]));
  const beganMs = performance.now();
  let repeats = 0;
  while (repeats < least || performance.now() - beganMs < budgetMs) {
    for (const { name, run } of timed) {
      const fromMs = performance.now();
      await run();
      samples.get(name)?.push(performance.now() - fromMs);
    }
    repeats += 1;
  }
  const ms = Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
  return { ms, repeats };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
