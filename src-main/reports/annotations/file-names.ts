import { posix } from "node:path";

/** Names of files that are made one for each item: below the export's folder, and no two alike on any file system. */
export class FileNames {
  readonly #ending: string;
  readonly #taken = new Set<string>();

  /** @param ending with its dot, in the place of the picture's own */
  constructor(ending: string) {
    this.#ending = ending;
  }

  /** `ward/1.xml` for `ward/1.png`; of two pictures named alike the second keeps its own ending too. */
  take(name: string): string {
    const safe = name
      .split("/")
      .filter((part) => part !== "" && part !== "." && part !== "..")
      .map((part) => part.replace(/[<>:"|?*\\\p{Cc}]/gu, "_"))
      .join("/");
    const ending = posix.extname(safe);
    const stem = ending === "" ? safe : safe.slice(0, -ending.length);
    for (let n = 1; ; n++) {
      const base = n === 1 ? stem : n === 2 ? safe : `${safe}-${n}`;
      const key = (base + this.#ending).toLowerCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return base + this.#ending;
    }
  }
}
