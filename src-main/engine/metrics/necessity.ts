/** Share of the hottest area that is blurred for the necessity test, and the value under which a map is not faithful. */
export const necessityTest = { share: 0.15, gate: 0.05 } as const;

/** Necessity: `1 − p(hottest 15 % blurred) ÷ p(x)` of the explained class; 0 when p does not fall. */
export function necessity(before: number, after: number): number {
  return before > 0 ? Math.max(0, 1 - after / before) : 0;
}
