import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync, appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import { PrivateKey } from "../keys/private-key.ts";
import { addSignature, signatureText } from "../keys/signature-file.ts";
import { signManifest } from "../keys/sign-manifest.ts";
import { ann, sampleAudit } from "../../test/support/sample-audit.ts";
import {
  bundleOf,
  lastStep,
  newCommand,
  prepareRevision,
  signableAudit,
  signRevision,
} from "../../test/support/signed-audit.ts";
import { createTestApp, jobEnd, type TestApp } from "../../test/support/test-app.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { restoreRevision } from "./build-revision.ts";
import { JobQueue } from "./job-queue.ts";

describe("a build that is not finished", () => {
  let app: TestApp;
  let made: Awaited<ReturnType<typeof signableAudit>>;
  beforeAll(async () => {
    app = await createTestApp();
    made = await signableAudit(app);
  }, 60_000);
  afterAll(() => app.remove());

  const revision = async () => (await app.client.audits.get({ auditId: made.auditId })).revision;
  const purpose = () =>
    app.client.audits.apply({
      auditId: made.auditId,
      command: {
        kind: "report.text",
        field: "purpose",
        text: "Still open to changes",
        id: newCommand(),
        readerId: made.meyer.id,
      },
    });
  const left = () =>
    existsSync(join(made.folder, "exports"))
      ? readdirSync(join(made.folder, "exports")).filter((name) => name.startsWith("r"))
      : [];

  it("is a draft again when it is cancelled, and leaves nothing behind", async () => {
    const { auditId, meyer } = made;
    const { jobId } = await app.client.revisions.prepare({
      auditId,
      commandId: newCommand(),
      readerId: meyer.id,
      signers: [{ readerId: meyer.id, meaning: "authored" }],
      run: null,
      plates: null,
      keepNames: false,
    });
    expect(await revision()).toMatchObject({ state: "building" });
    await app.client.runs.cancel({ auditId, jobId });
    expect((await jobEnd(app, auditId, jobId)).state).toBe("cancelled");
    expect(await revision()).toMatchObject({ no: 1, state: "draft" });
    expect(left()).toEqual([]);
    await purpose();
  });

  it("says what, safe and do where the folder cannot take it, and the audit is as it was", async () => {
    const exports = join(made.folder, "exports");
    rmSync(exports, { recursive: true, force: true });
    writeFileSync(exports, "a file stands where the folder should");
    const job = await prepareRevision(app, made.auditId, [[made.meyer, "authored"]]);
    expect(job).toMatchObject({ state: "failed", cause: { code: "report/failed" } });
    expect(await revision()).toMatchObject({ no: 1, state: "draft" });
    rmSync(exports);
    await purpose();
  });

  it("a disk that fills up in the middle of it leaves no part of it, and the audit works on", async ({
    skip,
  }) => {
    const { auditId, meyer, folder } = made;
    const exports = join(folder, "exports");
    if (!mountSmall(exports, "300k")) return skip("needs a user who may mount a disk in memory");
    const before = (await app.client.audits.get({ auditId })).texts;
    const job = await prepareRevision(app, auditId, [[meyer, "authored"]]);
    expect(job).toMatchObject({
      state: "failed",
      cause: { code: "report/failed", details: { why: "no space left" } },
    });
    expect(readdirSync(exports)).toEqual([]);
    const after = await app.client.audits.get({ auditId });
    expect(after).toMatchObject({ revision: { no: 1, state: "draft" }, isReadOnly: false });
    expect(after.texts).toEqual(before);
    const { problems } = await lastStep(await app.client.reports.verify({ auditId }));
    expect(problems).toEqual([]);
  });

  it("a disk that is full at a signature takes neither file nor entry", async ({ skip }) => {
    const { auditId, meyer, folder } = made;
    const exports = join(folder, "exports");
    if (!mountSmall(exports, "16m")) return skip("needs a user who may mount a disk in memory");
    expect((await prepareRevision(app, auditId, [[meyer, "authored"]])).state).toBe("done");
    const filler = join(exports, "filler");
    fillDisk(filler);
    await expect(signRevision(app, auditId, meyer, "authored")).rejects.toMatchObject({
      code: "keys/not-written",
    });
    expect(await revision()).toMatchObject({ state: "ready", signed: 0 });
    rmSync(filler);
    await signRevision(app, auditId, meyer, "authored");
    expect(await revision()).toMatchObject({ state: "signed", signed: 1 });
  });
});

/** A disk in memory at `folder` until the test is over; false where this user may not mount one. */
function mountSmall(folder: string, size: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return true;
}

function fillDisk(file: string): void {
  for (const size of [1 << 16, 1 << 12, 1]) {
    const block = Buffer.alloc(size);
    try {
      for (;;) appendFileSync(file, block);
    } catch {
      // full: the next size fills what is left
    }
  }
}

describe("after a host that was killed", () => {
  const step = (
    store: AuditStore,
    action: Parameters<AuditStore["enterRevision"]>[0]["action"],
    after: unknown,
  ) => store.enterRevision({ action, readerId: ann, after, commandId: null });
  const key = PrivateKey.generate("0a9b8c7d-6e5f-4d3c-8b2a-190817263544" as ReaderId); // made up
  const audit = () => {
    const { folder, store } = sampleAudit();
    return { folder, store, jobs: new JobQueue() };
  };
  const signers = [{ readerId: key.readerId, name: "Kay", role: "lead", meaning: "authored" }];

  it("a build that nobody finishes is given up", async () => {
    const { folder, store, jobs } = audit();
    step(store, "revision.lock", { signers });
    const part = `${bundleOf(folder)}.part`;
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, "items.csv"), "half");
    await restoreRevision({ folder, store, jobs });
    expect(store.revision()).toMatchObject({ no: 1, state: "draft" });
    expect(existsSync(part)).toBe(false);
    expect(existsSync(dirname(part))).toBe(true);
  });

  it("a signature whose file came before its entry is entered, and a forged one is not", async () => {
    const { folder, store, jobs } = audit();
    const { lock } = step(store, "revision.lock", { signers });
    const manifestSha256 = "ab".repeat(32);
    step(store, "revision.build", { manifestSha256, contentSha256: "cd".repeat(32), files: [] });
    const signature = signManifest(key, {
      auditId: store.facts.id as AuditId,
      revision: 1,
      manifestSha256,
      recordTip: { no: lock?.recordNo ?? 0, hash: lock?.hash ?? "" },
      signer: { readerId: key.readerId, name: "Kay", role: "lead" },
      meaning: "authored",
      statement: "",
      at: "2026-03-03T14:05:09+01:00",
    });
    const signatures = join(bundleOf(folder), "signatures");
    await addSignature(signatures, signature);
    const forged = { ...signature, signed: { ...signature.signed, name: "Eve" } };
    writeFileSync(join(signatures, "2.json"), signatureText(forged));
    appendFileSync(join(signatures, "3.json"), "no signature");
    await restoreRevision({ folder, store, jobs });
    expect(store.revision().signatures.map(({ file }) => file)).toEqual(["1.json"]);
    await restoreRevision({ folder, store, jobs }); // once is enough
    expect(store.revisionSummary()).toEqual({ no: 1, state: "signed", signed: 1, signers: 1 });
  });
});
