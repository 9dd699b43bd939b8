import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import type { Command, CommandBody } from "../../shared/domain/command.ts";
import type { AuditId, CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { AppError } from "../../shared/errors/app-error.ts";
import { AuditDatabase } from "./database.ts";
import { Outbox, type Acknowledgement, type OutboxDeps } from "./outbox.svelte.ts";

const reader = "r1" as ReaderId; // sound: a test's own id
const opened: { database: AuditDatabase; outbox: Outbox }[] = [];
let no = 0;

function database(): AuditDatabase {
  return new AuditDatabase(`test-${++no}` as AuditId); // sound: a test's own id
}

function outboxOver(
  kept: AuditDatabase,
  send: OutboxDeps["send"],
  more: Partial<OutboxDeps> = {},
): Outbox {
  const outbox = new Outbox({
    database: kept,
    send,
    readerId: () => reader,
    retryMs: [5],
    ...more,
  });
  opened.push({ database: kept, outbox });
  return outbox;
}

/** A store that applies each command id once, as the real one does. */
function store() {
  const applied: Command[] = [];
  const answer = (command: Command): Acknowledgement => {
    const known = applied.findIndex((other) => other.id === command.id);
    if (known < 0) applied.push(command);
    return { recordNo: known < 0 ? applied.length : known + 1, at: "2026-03-03T14:03:00Z" };
  };
  return { applied, answer };
}

/** Puts a change in; what becomes of it is asserted on the outbox. */
function put(outbox: Outbox, body: CommandBody): Command {
  const id = `c${++no}` as CommandId; // sound: a test's own id
  const command = { id, readerId: reader, ...body };
  outbox.send(command).catch(() => undefined);
  return command;
}

const comment = (item: number, text: string) => ({ kind: "comment.set", item, text }) as const;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(async () => {
  for (const { outbox, database } of opened.splice(0)) {
    outbox.close();
    await pause(10);
    database.close();
  }
});

describe("the outbox", () => {
  it("sends in the order of the key presses and forgets only what was acknowledged", async () => {
    const { applied, answer } = store();
    const kept = database();
    const outbox = outboxOver(kept, async (command) => (await pause(3), answer(command)));
    for (let item = 0; item < 5; item++) put(outbox, comment(item, "x"));
    expect(outbox.waiting).toHaveLength(5);
    await outbox.whenEmpty();
    expect(applied.map((command) => "item" in command && command.item)).toEqual([0, 1, 2, 3, 4]);
    expect(await kept.outbox.count()).toBe(0);
  });

  it("leaves another reader's commands for the session in which they sign in again", async () => {
    const { applied, answer } = store();
    const auditId = `test-${++no}` as AuditId; // sound: a test's own id
    const signedOut = () => new AppError("people/signed-out", {});
    const first = outboxOver(new AuditDatabase(auditId, reader), () => Promise.reject(signedOut()));
    put(first, comment(1, "mine"));
    await pause(10);
    first.close();
    const other = new AuditDatabase(auditId, "r2" as ReaderId); // sound: a test's own id
    const second = outboxOver(other, (command) => Promise.resolve(answer(command)));
    await second.open();
    await pause(20);
    expect([applied, second.waiting, second.refusals]).toEqual([[], [], []]);
    const again = outboxOver(new AuditDatabase(auditId, reader), (command) =>
      Promise.resolve(answer(command)),
    );
    await again.open();
    await again.whenEmpty();
    expect(applied.map(({ readerId }) => readerId)).toEqual([reader]);
  });

  it("keeps a command in the database before it is sent", async () => {
    const kept = database();
    let inDatabase = -1;
    const outbox = outboxOver(kept, async () => {
      inDatabase = await kept.outbox.count();
      return { recordNo: 1, at: "" };
    });
    put(outbox, comment(1, "x"));
    await outbox.whenEmpty();
    expect(inDatabase).toBe(1);
  });

  it("replays after a reload what was never answered, under the same id", async () => {
    const { applied, answer } = store();
    const kept = database();
    // The store applies it, but its answer is lost with the window.
    const first = outboxOver(kept, (command) => (answer(command), new Promise(() => {})));
    const sent = put(first, comment(7, "kept"));
    await pause(20);
    first.close();
    expect(applied).toHaveLength(1);

    const second = outboxOver(kept, async (command) => answer(command));
    await second.open();
    await second.whenEmpty();
    expect(applied).toHaveLength(1);
    expect(applied[0].id).toBe(sent.id);
    expect(await kept.outbox.count()).toBe(0);
  });

  it("tries again when the host is gone or the disk is full, says so after three tries, and loses nothing", async () => {
    const { applied, answer } = store();
    let isDown = true;
    const failures: unknown[] = [
      new TypeError("Failed to fetch"),
      new AppError("storage/full", { what: "the audit", folder: "x" }),
    ];
    const outbox = outboxOver(database(), async (command) => {
      if (isDown) throw failures[applied.length % 2];
      return answer(command);
    });
    put(outbox, comment(1, "a"));
    put(outbox, comment(2, "b"));
    await pause(60);
    expect(outbox.failure).not.toBeNull();
    expect(outbox.waiting).toHaveLength(2);
    expect(outbox.since).not.toBeNull();
    isDown = false;
    await outbox.whenEmpty();
    expect(outbox.failure).toBeNull();
    expect(outbox.since).toBeNull();
    expect(applied.map((command) => command.kind === "comment.set" && command.text)).toEqual([
      "a",
      "b",
    ]);
  });

  it("sets a refused command aside with its reason and goes on with the next", async () => {
    const { applied, answer } = store();
    const kept = database();
    const outbox = outboxOver(kept, async (command) => {
      if (command.kind === "region.remove") throw Object.assign(new Error("no"), { status: 422 });
      return answer(command);
    });
    put(outbox, { kind: "region.remove", region: "gone" as never }); // sound: an id that names nothing
    put(outbox, comment(2, "b"));
    await outbox.whenEmpty();
    expect(applied).toHaveLength(1);
    expect(outbox.refusals).toHaveLength(1);

    const next = outboxOver(kept, async (command) => answer(command));
    await next.open();
    await next.whenEmpty();
    expect(applied).toHaveLength(1);
    expect(next.refusals).toHaveLength(1);
    await next.dismiss(next.refusals[0]);
    expect(await kept.outbox.count()).toBe(0);
  });

  it("answers its caller with the record number, and with the refusal", async () => {
    const outbox = outboxOver(database(), async (command) => {
      if (command.kind === "region.remove") throw Object.assign(new Error("no"), { status: 422 });
      return { recordNo: 41, at: "now" };
    });
    const by = { readerId: reader };
    const id = (text: string) => text as CommandId; // sound: a test's own id
    const taken = outbox.send({ id: id("t"), ...by, ...comment(1, "x") });
    const refused = outbox.send({
      id: id("u"),
      ...by,
      kind: "region.remove",
      region: "g" as never,
    }); // sound: as above
    await expect(refused).rejects.toThrow("no");
    expect((await taken).recordNo).toBe(41);
  });
});
