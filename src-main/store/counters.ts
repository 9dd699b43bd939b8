import type { Connection } from "./connection.ts";

/** What a column is built from; each change to one raises its counter, and the column's revision with it. */
export type CounterName =
  | "items"
  | "files"
  | "verdict"
  | "certainty"
  | "comment"
  | "fault"
  | "discuss"
  | "region"
  | "queue"
  | "finding"
  | "meeting"
  | "identity";

/** Numbers that only grow, kept in the store: a column fetched last week is still known by its revision. */
export class Counters {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  raise(name: CounterName): void {
    this.#connection.run(
      "INSERT INTO counter (name, value) VALUES (?, 2) ON CONFLICT (name) DO UPDATE SET value = value + 1",
      name,
    );
  }

  all(): Readonly<Record<CounterName, number>> {
    const counters: Record<CounterName, number> = {
      items: 1,
      files: 1,
      verdict: 1,
      certainty: 1,
      comment: 1,
      fault: 1,
      discuss: 1,
      region: 1,
      queue: 1,
      finding: 1,
      meeting: 1,
      identity: 1,
    };
    const rows = this.#connection.all<{ name: CounterName; value: number }>(
      "SELECT name, value FROM counter",
    );
    for (const { name, value } of rows) counters[name] = value;
    return counters;
  }
}
