import type { Message } from "./catalogue.ts";

const accents: Readonly<Record<string, string>> = {
  ...{ a: "á", e: "ë", i: "ï", o: "ô", u: "ü", c: "ç", n: "ñ", y: "ÿ" },
  ...{ A: "Å", E: "É", I: "Î", O: "Ö", U: "Ü", C: "Ç", N: "Ñ" },
};

/** Every message of `english` in brackets, accented and 30 % longer, as German would be; `{places}` stay as they are. */
export function pseudoCatalogue<Key extends string>(
  english: Readonly<Record<Key, Message>>,
): Readonly<Record<Key, Message>> {
  const entries = Object.entries<Message>(english).map(([key, text]) => [
    key,
    typeof text === "string"
      ? strange(text)
      : { one: strange(text.one), other: strange(text.other) },
  ]);
  return Object.fromEntries(entries) as Readonly<Record<Key, Message>>; // the keys of `english`
}

function strange(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(/[a-zA-Z]/g, (c) => accents[c] ?? c)))
    .join("");
  return `⟦${accented}${"~".repeat(Math.round(text.length * 0.3))}⟧`;
}
