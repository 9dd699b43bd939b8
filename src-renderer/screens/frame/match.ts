/**
 * How well typed words fit a title, higher is better; null when they do not. Each typed word must begin a word of the
 * title ("fi pi" → "Fit picture"), or be letters of it in order ("gtr" → "Go to Report").
 */
export function matchScore(typed: string, title: string): number | null {
  const words = wordsOf(title);
  let score = 0;
  for (const part of wordsOf(typed)) {
    const at = words.findIndex((word) => word.startsWith(part));
    if (at >= 0) {
      score += 10 - Math.min(at, 5) + (words[at] === part ? 2 : 0);
      continue;
    }
    if (part.length < 2 || !isSubsequence(part, words.join(""))) return null;
    const isInitials = words
      .map((word) => word[0])
      .join("")
      .startsWith(part);
    score += isInitials ? 6 : 1;
  }
  return score;
}

/** Titles that fit, best first; those that fit alike stay in their order. */
export function matching<T>(typed: string, all: readonly T[], title: (one: T) => string): T[] {
  if (typed.trim() === "") return [...all];
  return all
    .map((one) => ({ one, score: matchScore(typed, title(one)) }))
    .filter((found) => found.score !== null)
    .toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map((found) => found.one);
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function isSubsequence(part: string, text: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === part[at]) at++;
  return at === part.length;
}
