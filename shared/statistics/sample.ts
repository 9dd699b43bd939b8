/**
 * The project's random numbers: mulberry32, a 32-bit state advanced by 0x6D2B79F5 and mixed by two multiplications. Only integer
 * operations on 32 bits, so the same seed gives the same list on every machine and in every engine.
 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** 0 … count − 1 in a seeded random order (Fisher–Yates from the end). */
export function shuffled(count: number, seed: number): number[] {
  const random = randomFrom(seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** `size` members of `population` without replacement, in drawn order; all of them when it is smaller. */
export function sample<T>(population: readonly T[], size: number, seed: number): T[] {
  return shuffled(population.length, seed)
    .slice(0, Math.max(0, size))
    .map((i) => population[i]);
}
