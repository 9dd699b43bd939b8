import { en } from "./en.ts";

/**
 * Every sentence people see, by key. A message is a string with `{name}` places, or one per plural form under the keys
 * `one` and `other`, chosen by the parameter `n`.
 */
export type Message = string | { readonly one: string; readonly other: string };
export type MessageKey = keyof typeof en;
export type MessageParameters = Readonly<Record<string, string | number>>;

export type Locale = "en";

const catalogues: Readonly<Record<Locale, Readonly<Record<MessageKey, Message>>>> = { en };

/** The sentence of `key` with its places filled. Numbers are put in as they are: format them before. */
export function message(
  key: MessageKey,
  parameters: MessageParameters = {},
  locale: Locale = "en",
): string {
  const found = catalogues[locale][key];
  const text =
    typeof found === "string" ? found : Number(parameters["n"]) === 1 ? found.one : found.other;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(parameters[name] ?? place));
}
