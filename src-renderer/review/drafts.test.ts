import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { z } from "zod";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import { AuditDatabase } from "./database.ts";
import { Drafts } from "./drafts.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const open = (name: string) => new AuditDatabase(name as AuditId); // sound: a test's own id

it("a half-typed comment is in the database after its delay and outlives the window", async () => {
  const first = open("drafts-1");
  const drafts = new Drafts(first, 15);
  drafts.keep("comment:12", "marker in");
  drafts.keep("comment:12", "marker in the corner");
  expect(await first.drafts.count()).toBe(0);
  await pause(40);
  first.close();
  const next = new Drafts(open("drafts-1"), 15);
  expect(await next.read("comment:12", z.string())).toBe("marker in the corner");
});

it("a draft is written at once on loss of focus, and gone once it became a command", async () => {
  const database = open("drafts-2");
  const drafts = new Drafts(database, 10_000);
  drafts.keep("comment:3", "half");
  await drafts.flush();
  expect(await database.drafts.get("comment:3")).toEqual({ key: "comment:3", value: "half" });
  await drafts.drop("comment:3");
  expect(await drafts.read("comment:3", z.string())).toBeNull();
});

it("a draft is its reader's alone", async () => {
  const of = (reader: string) =>
    new Drafts(new AuditDatabase("drafts-4" as AuditId, reader as ReaderId), 1); // sound: a test's own ids
  const ann = of("ann");
  ann.keep("comment:3", "half");
  await ann.flush();
  expect(await of("ben").read("comment:3", z.string())).toBeNull();
  expect(await of("ann").read("comment:3", z.string())).toBe("half");
});

it("a draft of another shape is not read", async () => {
  const drafts = new Drafts(open("drafts-3"), 1);
  drafts.keep("region:3", { old: true });
  expect(await drafts.read("region:3", z.strictObject({ points: z.array(z.number()) }))).toBeNull();
});
