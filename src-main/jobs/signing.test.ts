import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../shared/contract/people.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import {
  bundleOf,
  lastStep,
  newCommand,
  prepareRevision,
  signableAudit,
  signRevision,
} from "../../test/support/signed-audit.ts";
import { withOffset } from "./signing.ts";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("signing, in its order", () => {
  let app: TestApp;
  let auditId: AuditId;
  let meyer: Person;
  let kone: Person;
  let folder: string;

  beforeAll(async () => {
    app = await createTestApp();
    ({ auditId, meyer, kone, folder } = await signableAudit(app));
  }, 60_000);
  afterAll(() => app.remove());

  const current = async () => (await app.client.revisions.list({ auditId })).revisions.at(-1)!; // there is always one
  const purpose = (text: string) =>
    app.client.audits.apply({
      auditId,
      command: {
        kind: "report.text",
        field: "purpose",
        text,
        id: newCommand(),
        readerId: meyer.id,
      },
    });
  const json = (name: string, no = 1) =>
    JSON.parse(readFileSync(join(bundleOf(folder, no), name), "utf8")) as Record<string, never>;

  it("is held by what stands against the report, and names no one without a key", async () => {
    await purpose("");
    await expect(prepareRevision(app, auditId, [[meyer, "authored"]])).rejects.toMatchObject({
      code: "revision/blocked",
    });
    await purpose("Does the model look at the lung?");
    const nobody = await app.client.people.create({
      name: "C. Sato",
      initials: "CS",
      role: "reviewer",
      passphrase: null,
    });
    await app.client.people.addToAudit({ auditId, readerId: nobody.id, role: "reviewer" });
    await expect(
      prepareRevision(app, auditId, [
        [meyer, "authored"],
        [nobody, "reviewed"],
      ]),
    ).rejects.toMatchObject({ code: "revision/signer-unknown", details: { name: "C. Sato" } });
    expect(await current()).toMatchObject({ no: 1, state: "draft" });
  });

  it("locks, builds without DRAFT, and lists everything by hash", async () => {
    const job = await prepareRevision(app, auditId, [
      [meyer, "authored"],
      [kone, "reviewed"],
    ]);
    expect(job).toMatchObject({ state: "done", cause: null });
    const bundle = bundleOf(folder);
    const files = readdirSync(bundle).toSorted();
    expect(files).toEqual(
      expect.arrayContaining(["content.json", "manifest.json", "record.log", "report.pdf"]),
    );
    expect(files).not.toContain("signatures.pdf");
    expect(existsSync(`${bundle}.part`)).toBe(false);

    const lines = readFileSync(join(bundle, "record.log"), "utf8").trimEnd().split("\n");
    const last = JSON.parse(lines.at(-1) ?? "") as { no: number; hash: string; action: string };
    expect(last).toMatchObject({ action: "revision.lock", no: lines.length });
    const content: { files: { path: string; sha256: string }[]; record: object } = json(
      "content.json",
    ) as never; // as written
    expect(content.record).toEqual({ no: last.no, hash: last.hash });
    const paths = content.files.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
    expect(paths).toEqual(expect.arrayContaining(["record.log", "items.csv", "bundle.json"]));
    expect(paths).not.toContain("report.pdf");
    for (const file of content.files)
      expect(sha256(readFileSync(join(bundle, file.path))), file.path).toBe(file.sha256);

    const manifest: { files: { name: string; sha256: string }[] } = json("manifest.json") as never; // as written
    expect(manifest.files.map(({ name }) => name).toSorted()).toEqual(
      files.filter((name) => name !== "manifest.json"),
    );
    const row = await current();
    expect(row).toMatchObject({
      state: "ready",
      lockedAt: last.no,
      manifestSha256: sha256(readFileSync(join(bundle, "manifest.json"))),
      contentSha256: sha256(readFileSync(join(bundle, "content.json"))),
    });
    expect(
      row.signers.map(({ name, role, meaning, signed }) => [name, role, meaning, signed]),
    ).toEqual([
      ["A. Meyer", "lead", "authored", null],
      ["B. Kone", "reviewer", "reviewed", null],
    ]);
    await expect(purpose("Another")).rejects.toMatchObject({ code: "audit/locked" });
  }, 30_000);

  it("goes back with a note while nobody has signed, and is built anew", async () => {
    const words = "Section 2 names the wrong ward";
    const act = { auditId, commandId: newCommand(), readerId: kone.id };
    expect(await app.client.revisions.correct({ ...act, words })).toMatchObject({
      no: 1,
      state: "draft",
      correction: { name: "B. Kone", words },
    });
    expect(existsSync(bundleOf(folder))).toBe(false);
    await purpose("Does the model look at the lung field?");
    await prepareRevision(app, auditId, [
      [meyer, "authored"],
      [kone, "reviewed"],
    ]);
    expect(await current()).toMatchObject({ state: "ready", correction: null });
  }, 30_000);

  it("refuses a wrong passphrase, another manifest, and a file that is not what was built", async () => {
    const sign = (more: object) => signRevision(app, auditId, meyer, "authored", more);
    await expect(sign({ passphrase: "wrong" })).rejects.toMatchObject({
      code: "keys/wrong-passphrase",
    });
    await expect(sign({ manifestSha256: "ab".repeat(32) })).rejects.toMatchObject({
      code: "revision/other-manifest",
    });
    const path = join(bundleOf(folder), "items.csv");
    const before = readFileSync(path);
    writeFileSync(path, Buffer.concat([before, Buffer.from("x")]));
    await expect(sign({})).rejects.toMatchObject({ code: "revision/changed" });
    writeFileSync(path, before);
    expect(existsSync(join(bundleOf(folder), "signatures"))).toBe(false);
    expect(await current()).toMatchObject({ state: "ready" });
  });

  it("takes one signature after another, prints them, and locks everything", async () => {
    await signRevision(app, auditId, meyer, "authored");
    const { revision } = await app.client.audits.get({ auditId });
    expect(revision).toEqual({ no: 1, state: "signed", signed: 1, signers: 2 });
    const page = readFileSync(join(bundleOf(folder), "signatures.pdf"));
    await signRevision(app, auditId, kone, "reviewed");
    expect(readFileSync(join(bundleOf(folder), "signatures.pdf")).equals(page)).toBe(false);
    expect(readdirSync(join(bundleOf(folder), "signatures"))).toEqual(["1.json", "2.json"]);
    await expect(signRevision(app, auditId, kone, "reviewed")).rejects.toMatchObject({
      code: "keys/signed-already",
    });
    await expect(purpose("Another")).rejects.toMatchObject({
      code: "audit/signed",
      details: { revision: 1 },
    });
    await expect(
      app.client.reports.build({ auditId, run: null, plates: null, keepNames: false }),
    ).rejects.toMatchObject({ code: "audit/signed" });
    const verified = await lastStep(await app.client.reports.verify({ auditId }));
    const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date());
    expect(verified).toMatchObject({
      verdict: "unchanged",
      headline: `Unchanged since signed by A. Meyer on ${date} and B. Kone on ${date}`,
      problems: [],
    });
  }, 30_000);

  it("is reopened with a reason, carries everything over, and says what differs", async () => {
    const act = { auditId, commandId: newCommand(), readerId: meyer.id };
    await expect(app.client.revisions.reopen({ ...act, words: " " })).rejects.toMatchObject({
      code: "revision/no-reason",
    });
    const words = "The label of item 3 was wrong";
    expect(await app.client.revisions.reopen({ ...act, words })).toMatchObject({
      no: 2,
      state: "draft",
      reopened: { name: "A. Meyer", words },
    });
    const once = { kind: "fault.set", item: 3, fault: "wrong-label" } as const;
    const sign = { id: newCommand(), readerId: meyer.id };
    await app.client.audits.apply({ auditId, command: { ...once, ...sign } });
    const job = await prepareRevision(app, auditId, [[meyer, "approved"]]);
    expect(job.state).toBe("done");
    const bundle: { revision: { since: object } } = json("bundle.json", 2) as never; // as written
    expect(bundle.revision.since).toMatchObject({
      revision: 1,
      why: words,
      changes: [{ what: "Data fault", object: "Item 3", by: "A. Meyer", after: "Wrong label" }],
    });
    await signRevision(app, auditId, meyer, "approved");
    const verified = await lastStep(await app.client.reports.verify({ auditId }));
    expect(verified.problems).toEqual([]);
    expect(verified.parts.map(({ kind, no }) => [kind, no])).toEqual([
      ["record", null],
      ["revision", 1],
      ["revision", 2],
    ]);
  }, 30_000);
});

it("a signature's time is this computer's own clock with its offset", () => {
  const at = new Date("2026-03-03T13:05:09.500Z");
  expect(Date.parse(withOffset(at))).toBe(Date.parse("2026-03-03T13:05:09Z"));
  expect(withOffset(at)).toMatch(/^2026-03-0[234]T\d\d:\d\d:09(Z|[+-]\d\d:\d\d)$/);
});
