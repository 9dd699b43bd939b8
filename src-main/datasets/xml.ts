import { XMLParser, XMLValidator } from "fast-xml-parser";
import { readSmallText, UnreadableText } from "./text.ts";

const options = {
  ignoreAttributes: true,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 50,
};
const parsers = {
  "tags-only": new XMLParser(options),
  "with-attributes": new XMLParser({ ...options, ignoreAttributes: false }),
};

/**
 * One small XML file as plain objects; attributes are left out, or stand beside the tags as `@name`. Files that declare a document type are refused: nothing
 * here needs one, and entities are how a small file becomes a large one.
 */
export async function readXml(
  path: string,
  what: keyof typeof parsers = "tags-only",
): Promise<unknown> {
  const text = await readSmallText(path);
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new UnreadableText("it declares a document type");
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new UnreadableText(`it is not XML (line ${valid.err.line})`);
  try {
    return parsers[what].parse(text);
  } catch (cause) {
    throw new UnreadableText("it is not XML", { cause });
  }
}

/** What lies under a chain of tags: `at(tree, "size", "width")`. */
export function at(tree: unknown, ...names: readonly string[]): unknown {
  let found = tree;
  for (const name of names) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined; // sound: it has the key
  }
  return found;
}

/** Every element of a name, whether there is none, one or many. */
export function all(tree: unknown, name: string): unknown[] {
  const found = at(tree, name);
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

/** An element's text, the five entities of XML itself put back. */
export function textAt(tree: unknown, ...names: readonly string[]): string {
  const found = at(tree, ...names);
  return typeof found === "string"
    ? found.trim().replace(/&(lt|gt|quot|apos|amp);/g, unescape)
    : "";
}

/** An element's number; NaN where it holds none. */
export function numberAt(tree: unknown, ...names: readonly string[]): number {
  const text = textAt(tree, ...names);
  return text === "" ? NaN : Number(text);
}

function unescape(_: string, name: string): string {
  return { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" }[name] ?? "";
}
