/** Keys under which exporters store class names. */
const keys = ["names", "classes", "labels", "class_names"];

/**
 * Class names from a model's metadata, when there is one for each output: a JSON list or object, a Python dictionary
 * (`{0: 'cat', 1: 'dog'}`, as Ultralytics writes it), or names separated by commas or line ends.
 */
export function classNamesIn(
  metadata: Readonly<Record<string, string>>,
  classes: number,
): readonly string[] | null {
  for (const key of keys) {
    const names = namesIn(metadata[key] ?? "");
    if (names.length === classes && names.every((name) => name !== "")) return names;
  }
  return null;
}

function namesIn(text: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  try {
    const parsed: unknown = JSON.parse(trimmed);
    if (Array.isArray(parsed)) return parsed.map(String);
    if (typeof parsed === "object" && parsed !== null) return Object.values(parsed).map(String);
  } catch {
    // not JSON
  }
  if (/^[{[]/.test(trimmed)) {
    const quoted = [...trimmed.matchAll(/(?:(\d+)\s*:\s*)?(['"])((?:\\.|(?!\2).)*)\2/g)];
    return quoted
      .map((match, i) => ({
        at: match[1] === undefined ? i : Number(match[1]),
        name: match[3] ?? "",
      }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ name }) => name);
  }
  return trimmed.split(/\r?\n|,/).map((name) => name.trim());
}
