import type { z } from "zod";
import type { AuditDatabase } from "./database.ts";

/**
 * Half-typed comments and half-drawn regions, kept 500 ms after the last change and on every loss of focus (RX-123), so
 * that a reload or a crash brings them back. A draft goes when its text or shape has become a command.
 */
export class Drafts {
  readonly #database: AuditDatabase;
  readonly #delayMs: number;
  #pending = new Map<string, { value: unknown; timer: ReturnType<typeof setTimeout> }>();

  constructor(database: AuditDatabase, delayMs = 500) {
    this.#database = database;
    this.#delayMs = delayMs;
  }

  keep(key: string, value: unknown): void {
    this.#forgetTimer(key);
    const timer = setTimeout(() => void this.flush(key), this.#delayMs);
    this.#pending.set(key, { value, timer });
  }

  /** Writes what is pending now: on blur, on hiding of the page, on leaving an item. */
  async flush(key?: string): Promise<void> {
    const due = key === undefined ? [...this.#pending.keys()] : [key];
    for (const one of due) {
      const pending = this.#pending.get(one);
      if (!pending) continue;
      this.#forgetTimer(one);
      await this.#database.drafts
        .put({ key: this.#database.own(one), value: pending.value })
        .catch(() => undefined);
    }
  }

  async read<T>(key: string, schema: z.ZodType<T>): Promise<T | null> {
    const pending = this.#pending.get(key);
    const row =
      pending ?? (await this.#database.drafts.get(this.#database.own(key)).catch(() => undefined));
    const parsed = schema.safeParse(row?.value);
    return parsed.success ? parsed.data : null;
  }

  async drop(key: string): Promise<void> {
    this.#forgetTimer(key);
    await this.#database.drafts.delete(this.#database.own(key)).catch(() => undefined);
  }

  #forgetTimer(key: string): void {
    clearTimeout(this.#pending.get(key)?.timer);
    this.#pending.delete(key);
  }
}
