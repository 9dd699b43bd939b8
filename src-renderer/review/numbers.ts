const counts = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A count, in groups of three: 12,400. */
export function countWords(n: number): string {
  return counts.format(n);
}

/** A score, share or confidence: two decimals and a true minus. */
export function scoreWords(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** A sentence whose numbers keep their "%" on their line. */
export function tight(words: string): string {
  return words.replaceAll(" %", "\u202f%");
}

/** A number of a column whose range may be anything: two decimals under 100, whole above. */
export function valueWords(value: number, range: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = range >= 200 ? 0 : range >= 20 ? 1 : 2;
  const words = digits === 0 ? counts.format(value) : value.toFixed(digits);
  return words.replace("-", "−");
}
