import { beforeAll, afterAll, expect, it } from "vitest";
import type { AuditId, CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { planChoices } from "../../test/support/planned-audit.ts";
import {
  createDemoAudit,
  createTestApp,
  smallDemo,
  type TestApp,
} from "../../test/support/test-app.ts";

let app: TestApp;
let auditId: AuditId;
let ann: ReaderId;
let ben: ReaderId;

beforeAll(async () => {
  app = await createTestApp();
  auditId = await createDemoAudit(app, smallDemo(app.folder, 6));
  const make = (name: string) =>
    app.client.people.create({
      name,
      initials: name.slice(0, 1),
      role: "reviewer",
      passphrase: null,
    });
  ann = (await make("Ann")).id;
  ben = (await make("Ben")).id;
});
afterAll(() => app.remove());

const choices = (size: number) =>
  planChoices({ wish: { kind: "size", size }, second: [ben], secondSize: 4 });
const freeze = (id: string, no: number, reason = "", size = 8) =>
  app.client.plans.freeze({
    auditId,
    choices: choices(size),
    commandId: id as CommandId, // an id as a window makes it
    readerId: ann,
    no,
    reason,
  });

it("previews without writing, freezes once for one command, and asks for a reason the second time", async () => {
  const { client } = app;
  const before = (await client.audits.get({ auditId })).recordNo;
  const preview = await client.plans.preview({ auditId, choices: choices(8) });
  expect(preview).toMatchObject({
    no: 1,
    population: 24,
    size: 8,
    second: 4,
    readings: 12,
    seconds: 72,
  });
  expect((await client.audits.get({ auditId })).recordNo).toBe(before);

  const frozen = await freeze("one", 1);
  expect(await freeze("one", 1)).toEqual(frozen);
  expect(await client.plans.list({ auditId })).toMatchObject([{ no: 1, population: 24 }]);
  // Whom the plan names takes part.
  expect((await client.audits.get({ auditId })).readers.map(({ name }) => name)).toEqual([
    "Ann",
    "Ben",
  ]);

  await expect(freeze("two", 1)).rejects.toMatchObject({ code: "plan/another" });
  await expect(freeze("two", 2, "  ")).rejects.toMatchObject({ code: "plan/needs-reason" });
  expect(await freeze("two", 2, "more of them", 12)).toMatchObject({ no: 2 });
  expect((await client.plans.list({ auditId })).map(({ reason }) => reason)).toEqual([
    "",
    "more of them",
  ]);
});

it("tells progress, own lists and rates, and refuses a list of no plan", async () => {
  const { client } = app;
  const [random, second] = await client.plans.progress({ auditId });
  expect(random).toMatchObject({ role: "random", of: 12, read: 0, secondsLeft: 72 });
  const list = await client.plans.worklist({ auditId, queue: second.queue, readerId: ben });
  expect(list.items).toHaveLength(4);
  expect(list.read).toEqual([]);
  expect(await client.plans.rates({ auditId })).toMatchObject({
    plan: 2,
    size: 12,
    read: 0,
    cause: "not-read",
  });
  const lost = client.plans.worklist({ auditId, queue: "nowhere" as never, readerId: ben }); // no such id
  await expect(lost).rejects.toMatchObject({ code: "plan/none" });
});
