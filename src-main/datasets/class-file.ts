import { extname } from "node:path";
import { parse as parseYaml } from "yaml";
import { readSmallText, UnreadableText } from "./text.ts";

/** Class names of a file in the order of the outputs: a line each, a JSON list, or `names` of a YAML file. */
export async function readClassFile(path: string): Promise<string[]> {
  const text = await readSmallText(path);
  const extension = extname(path).toLowerCase();
  if (extension === ".json") return namesOf(parseJson(text));
  if (extension === ".yaml" || extension === ".yml") return namesOf(namesIn(parseYamlSafely(text)));
  const lines = text.replace(/\s+$/, "").split(/\r\n|\r|\n/);
  const names = lines.map((line) => line.trim());
  const empty = names.indexOf("");
  if (names.length === 1 && empty === 0) throw new UnreadableText("it is empty");
  if (empty >= 0) throw new UnreadableText(`line ${empty + 1} is empty`);
  return names;
}

/** A list of names, or names by their number ("0": "cat"). */
export function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(toName);
  if (typeof value !== "object" || value === null)
    throw new UnreadableText("it holds no list of names");
  const entries = Object.entries(value).map(([no, name]) => [Number(no), name] as const);
  const sorted = entries.sort((a, b) => a[0] - b[0]);
  if (sorted.length === 0 || sorted.some(([no], at) => no !== at)) {
    throw new UnreadableText("its names are not numbered from 0 without gaps");
  }
  return sorted.map(([, name]) => toName(name));
}

/** `names` of a YOLO or COCO-like YAML document. */
export function namesIn(document: unknown): unknown {
  const has = typeof document === "object" && document !== null && "names" in document;
  return has ? document.names : document;
}

export function parseYamlSafely(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw new UnreadableText("it is not YAML", { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadableText("it is not JSON", { cause });
  }
}

function toName(value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // Keras' imagenet_class_index.json: {"0": ["n01440764", "tench"], …}
  const last: unknown = Array.isArray(value) ? value.at(-1) : null;
  if (typeof last === "string" && last.trim() !== "") return last.trim();
  throw new UnreadableText("one of its names is not text");
}
