import { describe, expect, it } from "vitest";
import type { Column, Run } from "../../../shared/contract/audits.ts";
import type { Client } from "../../../shared/contract/client.ts";
import type { Reader } from "../../../shared/contract/library.ts";
import type { AuditId, ReaderId, RunId } from "../../../shared/domain/ids.ts";
import { AuditState, type Applied, type CommandSender } from "./audit-state.svelte.ts";

const reader: Reader = { id: "r" as ReaderId, name: "Anna Meyer", initials: "AM" }; // an id of the test
const run = (no: number, done: number, endedAt: string | null) =>
  ({ id: `run${no}` as RunId, no, done, failed: 0, planned: 10, endedAt }) as Run; // only these are read
const column = (id: string, revision: number) => ({ id, run: null, revision }) as Column; // only these are read

const opened = (api: Partial<Client> = {}) =>
  new AuditState({ id: "a" as AuditId, api: api as Client, reader }); // no other part is called

describe("the open audit", () => {
  it("shows the maps of the newest whole run until another is chosen", () => {
    const audit = opened();
    for (const one of [run(1, 10, "t"), run(2, 10, "t"), run(3, 4, null)])
      audit.take({ kind: "run", run: one });
    expect(audit.run?.no).toBe(2);
    audit.chosenRun = "run3" as RunId; // an id of the test
    expect(audit.run?.no).toBe(3);
  });

  it("shows a run that goes on when none is whole", () => {
    const audit = opened();
    audit.take({ kind: "run", run: run(1, 0, null) });
    audit.take({ kind: "run", run: run(1, 6, null) });
    expect(audit.runs).toHaveLength(1);
    expect(audit.run?.done).toBe(6);
  });

  it("replaces changed columns in their place and tells who listens, until they stop", () => {
    const audit = opened();
    const told: string[] = [];
    const stop = audit.onColumns((changed) => told.push(...changed.map((one) => one.id)));
    audit.take({ kind: "columns", changed: [column("label", 1), column("verdict", 1)] });
    audit.take({ kind: "columns", changed: [column("label", 2)] });
    stop();
    audit.take({ kind: "columns", changed: [column("verdict", 2)] });
    expect(audit.columns.map((one) => [one.id, one.revision])).toEqual([
      ["label", 2],
      ["verdict", 2],
    ]);
    expect(told).toEqual(["label", "verdict", "label"]);
  });

  it("gives commands to the outbox, in the reader's name and each with an id of its own", async () => {
    const audit = opened();
    const ids = new Set<string>();
    const answer: Applied = { recordNo: 7, at: "t" };
    const sender: CommandSender = {
      send: (command) => {
        ids.add(command.id);
        expect(command.readerId).toBe(reader.id);
        return Promise.resolve(answer);
      },
      retry: () => undefined,
      waiting: [],
      since: null,
      failure: { code: "storage/full", details: {} },
    };
    audit.keepSafe(sender);
    expect(audit.saving.failure?.code).toBe("storage/full");
    const body = { kind: "report.text", field: "purpose", text: "x" } as const;
    expect(await audit.apply(body)).toBe(answer);
    await audit.apply(body);
    expect(ids.size).toBe(2);
  });
});
