import type { RecordEntry } from "../domain/command.ts";
import { methodIds } from "../domain/method-id.ts";
import { methods } from "../domain/methods.ts";
import { faults, reasons, regionKinds, verdicts } from "../domain/review.ts";
import { signatureMeanings } from "../domain/signature.ts";
import { en } from "./en.ts";
import { message, type MessageKey } from "./catalogue.ts";

/** An entry of the record in words: what was done, on what, and what it changed. */
export interface EntryWords {
  readonly what: string;
  readonly object: string;
  readonly before: string;
  readonly after: string;
}

/** `nameOf` says how readers and items are called; an unknown one stays as the record has it. */
export function entryWords(
  entry: Pick<RecordEntry, "action" | "object" | "before" | "after">,
  nameOf: (kind: "reader" | "item", id: string) => string | null = () => null,
): EntryWords {
  return {
    what: actionName(entry.action),
    object: objectName(entry.object, nameOf),
    before: valueWords(Object.values(recordOf(entry.before))),
    after: valueWords(isReversal(entry) ? Object.values(recordOf(entry.after)) : [entry.after]),
  };
}

/** "Verdict", "Region added"; an action of a later Hansight by its own name. */
export function actionName(action: string): string {
  const key = `record.action.${action}`;
  return isKey(key) ? message(key) : action;
}

function objectName(object: string, nameOf: NonNullable<Parameters<typeof entryWords>[1]>): string {
  const [kind = "", ...rest] = object.split("/");
  const id = rest.join("/");
  const key = `record.object.${kind}`;
  switch (kind) {
    case "items":
      return message("record.object.items", { n: Number(id) });
    case "item":
      return nameOf("item", id) ?? message("record.object.item", { id });
    case "reader":
      return nameOf("reader", id) ?? id;
    case "text": {
      const name = `report.text.${id}`;
      return message("record.object.text", { name: isKey(name) ? message(name) : id });
    }
    default:
      return isKey(key) ? message(key, { id }) : object;
  }
}

/** The first telling value of several, short enough for a cell of a table. */
function valueWords(values: readonly unknown[]): string {
  const told = values.map(oneValue).filter((words) => words !== "");
  const distinct = [...new Set(told)];
  return distinct.slice(0, 3).join(", ");
}

const mostLetters = 120;

function oneValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (value === true) return message("record.value.on");
  if (typeof value === "string") return known(value) ?? cut(value);
  if (typeof value === "number") return String(value);
  if (typeof value !== "object") return "";
  const held = recordOf(value);
  const signature = recordOf(recordOf(held["signature"])["signed"]);
  if (typeof signature["name"] === "string") {
    const meaning = oneValue(signature["meaning"]);
    return message("record.value.signed", { name: signature["name"], meaning });
  }
  if (Array.isArray(held["signers"])) return held["signers"].map(signerWords).join("; ");
  if (Array.isArray(held["files"]))
    return message("record.value.files", { n: held["files"].length });
  if (typeof held["method"] === "string") return methodName(held["method"]);
  if ("certainty" in held)
    return held["certainty"] === null
      ? ""
      : message("record.value.certainty", { n: Number(held["certainty"]) });
  const kind = held["regionKind"] ?? ("shape" in held ? held["kind"] : undefined);
  if (typeof kind === "string")
    return message("record.value.region", { kind: known(kind) ?? kind });
  if (typeof held["verdict"] === "string") {
    const because = (Array.isArray(held["reasons"]) ? held["reasons"] : []).map(oneValue);
    return [oneValue(held["verdict"]), ...because].join(", ");
  }
  for (const field of telling) if (field in held) return oneValue(held[field]);
  return cut(
    Object.entries(held)
      .filter(([name, one]) => !silent.has(name) && typeof one !== "object" && one !== null)
      .map(([name, one]) => `${name} ${String(one)}`)
      .join(", "),
  );
}

/** Fields that say what the entry is about, the first that is there. */
const telling = [
  ...["text", "words", "discuss", "fault", "role", "state", "title", "name", "fileName", "why"],
  "reasons",
] as const;
/** Ids and numbers that mean nothing to a reader of a table. */
const silent = new Set(["item", "items", "run", "queue", "region", "id", "publicKey", "identity"]);

/** "A. Meyer, authored", of whoever was named when a revision was locked. */
function signerWords(signer: unknown): string {
  const { name, meaning } = recordOf(signer);
  const words = { name: String(name ?? ""), meaning: oneValue(meaning) };
  return message("record.value.signed", words);
}

function methodName(id: string): string {
  const method = methodIds.find((one) => one === id);
  return method ? methods[method].label : id;
}

const wordsOf: Readonly<Record<string, string>> = {
  ...Object.fromEntries(verdicts.map((id) => [id, message(`verdict.${id}`)])),
  ...Object.fromEntries(Object.values(reasons).map((id) => [id, message(`reason.${id}`)])),
  ...Object.fromEntries(faults.map((id) => [id, message(`fault.${id}`)])),
  ...Object.fromEntries(regionKinds.map((id) => [id, message(`review.region.${id}`)])),
  ...Object.fromEntries(signatureMeanings.map((id) => [id, message(`keys.meaning.${id}`)])),
};

function known(value: string): string | undefined {
  return Object.hasOwn(wordsOf, value) ? wordsOf[value] : undefined;
}

function cut(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > mostLetters ? `${line.slice(0, mostLetters).trimEnd()}…` : line;
}

function recordOf(value: unknown): Record<string, unknown> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {}; // its fields are looked at one by one
}

function isReversal({ action }: Pick<RecordEntry, "action">): boolean {
  return action === "undo" || action === "redo";
}

function isKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}
