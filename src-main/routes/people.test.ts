import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesPaths } from "../../shared/contract/bytes.ts";
import { sessionQuery } from "../../shared/contract/people.ts";
import type { CommandBody } from "../../shared/domain/command.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { command, sampleAudit } from "../../test/support/sample-audit.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import { openWindow, signedInAs, windowOf, type TestWindow } from "../../test/support/windows.ts";

const secret = "four words in a row";

describe("people and their windows", () => {
  let app: TestApp;
  let anna: TestWindow;
  let ben: TestWindow;
  let vera: TestWindow;
  let auditId: AuditId;

  beforeAll(async () => {
    app = await createTestApp();
    anna = await windowOf(app, "Anna", { passphrase: secret });
    ben = await windowOf(app, "Ben");
    vera = await windowOf(app, "Vera", { role: "viewer" });
  }, 60_000);
  afterAll(() => app.remove());

  const give = (window: TestWindow, body: CommandBody, readerId = window.person.id) =>
    window.client.audits.apply({ auditId, command: command(body, { readerId }) });
  const sound = (item: number): CommandBody => ({
    kind: "verdict.set",
    items: [item],
    run: null,
    verdict: "sound",
    reasons: [],
    view: null,
  });

  it("lists who works here, with the key's fingerprint and who was here last", async () => {
    const { people, last } = await openWindow(app).people.list();
    expect(people.map(({ name, hasPassphrase }) => [name, hasPassphrase])).toEqual([
      ["Anna", true],
      ["Ben", false],
      ["Vera", false],
    ]);
    expect(people[0].fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(last).toBe(vera.person.id);
  });

  it("refuses a wrong passphrase, none, and the same name twice, and changes nothing", async () => {
    const { people } = openWindow(app);
    const readerId = anna.person.id;
    await expect(people.signIn({ readerId, passphrase: "four words" })).rejects.toMatchObject({
      code: "keys/wrong-passphrase",
      details: { fingerprint: anna.person.fingerprint },
    });
    await expect(people.signIn({ readerId, passphrase: null })).rejects.toMatchObject({
      code: "people/passphrase-needed",
    });
    const again = { name: "Ben", initials: "B", role: "lead", passphrase: null } as const;
    await expect(people.create(again)).rejects.toMatchObject({ code: "people/name-taken" });
    expect((await people.list()).people).toHaveLength(3);
  });

  it("keeps the passphrase out of every file", () => {
    const found = readdirSync(app.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(secret));
    expect(found).toEqual([]);
  });

  it("lets nobody at the work without a session, and lets them find out who works here", async () => {
    const nobody = openWindow(app);
    await expect(nobody.library.list()).rejects.toMatchObject({ code: "people/signed-out" });
    expect(await nobody.people.session()).toBeNull();
    expect(await anna.client.people.session()).toEqual({ person: anna.person, isLocked: false });
  });

  it("makes who joins first the lead, and lets each write in their own name alone", async () => {
    const { folder, store } = sampleAudit();
    const lead = store.readers()[0];
    expect(lead.role).toBe("lead");
    store.closeNow();
    ({ auditId } = await anna.client.library.open({ place: await app.places.idFor(folder) }));
    await give(ben, sound(3));
    await expect(give(ben, sound(3), anna.person.id)).rejects.toMatchObject({
      code: "people/other-reader",
    });
    const { readers } = await anna.client.audits.get({ auditId });
    expect(readers.map(({ name, role }) => [name, role])).toEqual([
      ["Ann", "lead"],
      ["Ben", "reviewer"],
      ["Anna", "reviewer"],
      ["Ben", "reviewer"],
    ]);
    expect(readers[2].fingerprint).toBe(anna.person.fingerprint);
  });

  it("refuses a viewer every change, and a reviewer what is a lead's", async () => {
    await expect(give(vera, sound(1))).rejects.toMatchObject({
      code: "people/not-allowed",
      details: { role: "viewer", needs: "reviewer" },
    });
    await expect(
      vera.client.reports.build({ auditId, run: null, plates: null, keepNames: false }),
    ).rejects.toMatchObject({
      code: "people/not-allowed",
    });
    const raise: CommandBody = { kind: "reader.role", reader: ben.person.id, role: "lead" };
    await expect(give(ben, raise)).rejects.toMatchObject({
      code: "people/not-allowed",
      details: { role: "reviewer", needs: "lead" },
    });
    const join = { auditId, readerId: vera.person.id, role: "viewer" } as const;
    await expect(ben.client.people.addToAudit(join)).rejects.toMatchObject({
      code: "people/not-allowed",
    });
  });

  it("lets a lead give roles and let others join; each is an entry, none is undone", async () => {
    const host = app.client;
    const lead = (await host.audits.get({ auditId })).readers[0];
    const byLead = (body: CommandBody) =>
      host.audits.apply({ auditId, command: command(body, { readerId: lead.id }) });
    await byLead({ kind: "reader.role", reader: anna.person.id, role: "lead" });
    await anna.client.people.addToAudit({ auditId, readerId: vera.person.id, role: "viewer" });
    const { recordNo } = await give(anna, {
      kind: "reader.role",
      reader: lead.id,
      role: "viewer",
    });
    await expect(
      give(anna, { kind: "reader.role", reader: anna.person.id, role: "reviewer" }),
    ).rejects.toMatchObject({ code: "people/last-lead" });
    await expect(give(anna, { kind: "undo", recordNo })).rejects.toMatchObject({
      code: "audit/cannot-undo",
    });
    const [entry] = await anna.client.audits.record({ auditId, from: recordNo, limit: 1 });
    expect(entry).toMatchObject({
      readerId: anna.person.id,
      action: "reader.role",
      object: `reader/${lead.id}`,
      before: { [`role/${lead.id}`]: "lead" },
      after: { reader: lead.id, role: "viewer" },
    });
    const { readers } = await ben.client.audits.get({ auditId });
    expect(readers.find(({ id }) => id === vera.person.id)?.role).toBe("viewer");
  });

  it("does nothing behind the lock but open it, by the right passphrase", async () => {
    const second = await signedInAs(app, anna.person, secret);
    await second.client.people.lock();
    expect((await second.client.people.session())?.isLocked).toBe(true);
    await expect(give(second, sound(5))).rejects.toMatchObject({ code: "people/locked" });
    await expect(second.client.audits.get({ auditId })).rejects.toMatchObject({
      code: "people/locked",
    });
    expect((await second.get(bytesPaths.column(auditId, null, "verdict"))).status).toBe(423);
    await expect(second.client.people.copyKey()).rejects.toMatchObject({ code: "people/locked" });
    await expect(second.client.people.unlock({ passphrase: "no" })).rejects.toMatchObject({
      code: "keys/wrong-passphrase",
    });
    // Anna's other window stays open.
    await give(anna, sound(6));
    await second.client.people.unlock({ passphrase: secret });
    await give(second, sound(5));
  });

  it("does not lock whom nothing could let in again, until a first passphrase is set", async () => {
    const cara = await windowOf(app, "Cara");
    await expect(cara.client.people.lock()).rejects.toMatchObject({
      code: "people/no-passphrase",
    });
    const { people } = cara.client;
    const person = await people.setPassphrase({ before: null, after: "first one" });
    expect(person.hasPassphrase).toBe(true);
    await expect(people.setPassphrase({ before: null, after: "x" })).rejects.toMatchObject({
      code: "people/has-passphrase",
    });
    await expect(people.setPassphrase({ before: "wrong", after: "x" })).rejects.toMatchObject({
      code: "keys/wrong-passphrase",
    });
    await people.setPassphrase({ before: "first one", after: "second one" });
    await people.lock();
    await people.unlock({ passphrase: "second one" });
  });

  it("ends a session for good", async () => {
    const third = await windowOf(app, "Dora");
    await third.client.people.signOut();
    await expect(third.client.library.list()).rejects.toMatchObject({ code: "people/signed-out" });
    expect((await third.get(bytesPaths.column(auditId, null, "verdict"))).status).toBe(401);
  });

  it("takes a session from an address where a picture or a link cannot send a header", async () => {
    const path = `${bytesPaths.column(auditId, null, "verdict")}?${sessionQuery}=`;
    const ask = (session: string) =>
      app.windowApp(new Request(`http://hansight.localhost${path}${session}`));
    expect((await ask(anna.session)).status).toBe(200);
    expect((await ask("guessed")).status).toBe(401);
  });

  it("brings a key to another computer, locked as it was, and refuses what is none", async () => {
    const { fileName, text } = await anna.client.people.copyKey();
    expect(text).not.toContain(secret);
    const home = process.env["HANSIGHT_HOME"];
    const elsewhere = await createTestApp();
    try {
      const { people } = openWindow(elsewhere);
      await expect(people.takeKey({ fileName, text, passphrase: "no" })).rejects.toMatchObject({
        code: "keys/wrong-passphrase",
      });
      await expect(
        people.takeKey({ fileName, text: '{"key":1}', passphrase: secret }),
      ).rejects.toMatchObject({ code: "people/not-a-key" });
      expect((await people.list()).people).toEqual([]);
      const taken = await people.takeKey({ fileName, text, passphrase: secret });
      expect(taken).toEqual(anna.person);
      await signedInAs(elsewhere, taken, secret);
    } finally {
      await elsewhere.remove();
      process.env["HANSIGHT_HOME"] = home;
    }
  });
}, 60_000);
