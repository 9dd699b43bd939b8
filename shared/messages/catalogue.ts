import { en } from "./en.ts";
import { pseudoCatalogue } from "./pseudo.ts";

/**
 * Every sentence people see, by key. A message is a string with `{name}` places, or one per plural form under the keys
 * `one` and `other`, chosen by the parameter `n`.
 */
export type Message = string | { readonly one: string; readonly other: string };
export type MessageKey = keyof typeof en;
export type MessageParameters = Readonly<Record<string, string | number>>;

/** `pseudo`: English made longer, in brackets and with accents, for tests: what is not from here, or is cut, can be seen. */
export type Locale = "en" | "pseudo";

const catalogues: Readonly<Record<Locale, Readonly<Record<MessageKey, Message>>>> = {
  en,
  // made where it is asked for: nobody else waits for it
  get pseudo() {
    return (pseudo ??= pseudoCatalogue(en));
  },
};
let pseudo: Readonly<Record<MessageKey, Message>> | null = null;
let current: Locale = "en";

/** The language of every sentence from now on: set once, before anything is shown. */
export function speak(locale: Locale): void {
  current = locale;
}

/** The sentence of `key` with its places filled. Numbers are put in as they are: format them before. */
export function message(
  key: MessageKey,
  parameters: MessageParameters = {},
  locale: Locale = current,
): string {
  const found = catalogues[locale][key];
  const text =
    typeof found === "string" ? found : Number(parameters["n"]) === 1 ? found.one : found.other;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(parameters[name] ?? place));
}
