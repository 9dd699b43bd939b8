import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import type { Command } from "../../shared/domain/command.ts";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
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
    for (let item = 0; item < 5; item++) outbox.put(comment(item, "x"));
    expect(outbox.waiting).toHaveLength(5);
    await outbox.whenEmpty();
    expect(applied.map((command) => "item" in command && command.item)).toEqual([0, 1, 2, 3, 4]);
    expect(await kept.outbox.count()).toBe(0);
    expect(outbox.last?.recordNo).toBe(5);
  });

  it("keeps a command in the database before it is sent", async () => {
    const kept = database();
    let inDatabase = -1;
    const outbox = outboxOver(kept, async () => {
      inDatabase = await kept.outbox.count();
      return { recordNo: 1, at: "" };
    });
    outbox.put(comment(1, "x"));
    await outbox.whenEmpty();
    expect(inDatabase).toBe(1);
  });

  it("replays after a reload what was never answered, under the same id", async () => {
    const { applied, answer } = store();
    const kept = database();
    // The store applies it, but its answer is lost with the window.
    const first = outboxOver(kept, (command) => (answer(command), new Promise(() => {})));
    const sent = first.put(comment(7, "kept"));
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
    outbox.put(comment(1, "a"));
    outbox.put(comment(2, "b"));
    await pause(60);
    expect(outbox.status).toMatchObject({ kind: "failing", n: 2 });
    isDown = false;
    await outbox.whenEmpty();
    expect(outbox.status).toEqual({ kind: "saved" });
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
    outbox.put({ kind: "region.remove", region: "gone" as never }); // sound: an id that names nothing
    outbox.put(comment(2, "b"));
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

  it("says saving only once a write is slow", async () => {
    const outbox = outboxOver(database(), async () => (await pause(60), { recordNo: 1, at: "" }), {
      slowMs: 25,
    });
    outbox.put(comment(1, "x"));
    await pause(5);
    expect(outbox.status.kind).toBe("saved");
    await pause(40);
    expect(outbox.status).toEqual({ kind: "saving", n: 1 });
    await outbox.whenEmpty();
    expect(outbox.status.kind).toBe("saved");
  });
});
