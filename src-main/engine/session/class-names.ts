import type { Graph } from "../onnx/graph.ts";

/** Keys under which exporters store class names. */
const keys = ["names", "classes", "labels", "class_names"];

/**
 * Class names in the file, when there is one for each output. In the metadata: a JSON list or object, a Python dictionary
 * (`{0: 'cat', 1: 'dog'}`, as Ultralytics writes it), or names separated by commas or line ends. Else what a ZipMap
 * keys its dictionary by.
 */
export function classNamesIn(
  { metadata, nodes }: Pick<Graph, "metadata" | "nodes">,
  classes: number,
): readonly string[] | null {
  const zipped = nodes.flatMap(({ attributes: { classlabels_strings: labels } }) =>
    labels?.kind === "strings" ? [labels.value] : [],
  );
  const lists = [...keys.map((key) => namesIn(metadata[key] ?? "")), ...zipped];
  const fits = (names: readonly string[]) => names.length === classes && names.every(Boolean);
  return lists.find(fits) ?? null;
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
