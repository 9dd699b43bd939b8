/** Initials proposed for a name: first letters of its first and last word, "" for none. */
export function initialsOf(name: string): string {
  const words = name.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? [];
  const first = words[0]?.match(/\p{L}\p{M}*/u)?.[0] ?? "";
  const last = words.length > 1 ? (words.at(-1)?.match(/\p{L}\p{M}*/u)?.[0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}
