import type { z } from "zod";
import type { AuditDatabase } from "./database.ts";

/** Where a person was on each screen: filter, sort, item, zoom, overlay, open panels (RX-10). Written at most every 300 ms. */
export class Places {
  readonly #database: AuditDatabase;
  #pending = new Map<string, unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(database: AuditDatabase) {
    this.#database = database;
  }

  async read<T>(screen: string, schema: z.ZodType<T>): Promise<T | null> {
    const row = await this.#database.places.get(this.#database.own(screen)).catch(() => undefined);
    const parsed = schema.safeParse(row?.value);
    return parsed.success ? parsed.data : null;
  }

  keep(screen: string, value: unknown): void {
    this.#pending.set(screen, value);
    this.#timer ??= setTimeout(() => void this.flush(), 300);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = [...this.#pending].map(([key, value]) => ({
      key: this.#database.own(key),
      value,
    }));
    this.#pending.clear();
    if (rows.length) await this.#database.places.bulkPut(rows).catch(() => undefined);
  }
}
