import { afterEach, expect, it } from "vitest";
import { message, speak } from "./catalogue.ts";
import { en } from "./en.ts";
import { pseudoCatalogue } from "./pseudo.ts";

afterEach(() => speak("en"));

it("changes every sentence and keeps every place of it", () => {
  const pseudo = pseudoCatalogue(en);
  const forms = (catalogue: object) =>
    Object.values(catalogue).flatMap((text: string | object) =>
      typeof text === "string" ? [text] : Object.values(text).map(String),
    );
  const places = (text: string) => text.match(/\{\w+\}/g) ?? [];
  const [before, after] = [forms(en), forms(pseudo)];
  expect(after).toHaveLength(before.length);
  for (const [at, text] of before.entries()) {
    expect(after[at]).toMatch(/^⟦.*⟧$/s);
    expect(places(after[at] ?? "")).toEqual(places(text));
    expect((after[at] ?? "").length).toBeGreaterThanOrEqual(text.length * 1.3);
  }
});

it("is what is said once it is spoken, plural forms included", () => {
  speak("pseudo");
  expect(message("settings.about.version", { version: "1.0" })).toMatch(/^⟦Háñsïght 1\.0~+⟧$/);
  expect(message("settings.about.diagnostics.save", { n: 1 })).toMatch(/^⟦Sávë 1 lïñë…/);
  speak("en");
  expect(message("settings.about.version", { version: "1.0" })).toBe("Hansight 1.0");
});
