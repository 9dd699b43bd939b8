import { join } from "node:path";
import type { Person } from "../../shared/contract/people.ts";
import type { VerifyStep } from "../../shared/contract/verify.ts";
import type { AuditId, CommandId } from "../../shared/domain/ids.ts";
import type { SignatureMeaning } from "../../shared/domain/signature.ts";
import { createDemoAudit, jobEnd, smallDemo, startDemoRun, type TestApp } from "./test-app.ts";

/** What every made-up signer types. */
export const passphrase = "correct horse battery staple";

let commands = 0;
export const newCommand = () => `signing-${++commands}` as CommandId; // unique in a test's process

/** Two people with keys, and an audit of a few demo images with a run and a purpose: ready to be signed. */
export async function signableAudit(app: TestApp) {
  const person = (name: string, initials: string) =>
    app.client.people.create({ name, initials, role: "reviewer", passphrase });
  const meyer = await person("A. Meyer", "AM");
  const kone = await person("B. Kone", "BK");
  await app.client.library.setMe({ name: meyer.name, initials: meyer.initials });
  const auditId = await createDemoAudit(app, smallDemo(app.folder, 2));
  const { jobId } = await startDemoRun(app, auditId);
  if (jobId) await jobEnd(app, auditId, jobId);
  await app.client.audits.apply({
    auditId,
    command: {
      kind: "report.text",
      field: "purpose",
      text: "Does the model look at the lung?",
      id: newCommand(),
      readerId: meyer.id,
    },
  });
  await app.client.people.addToAudit({ auditId, readerId: kone.id, role: "reviewer" });
  return { auditId, meyer, kone, folder: app.folderOf(auditId) };
}

/** Locks and builds the revision; throws the job's cause where it failed. */
export async function prepareRevision(
  app: TestApp,
  auditId: AuditId,
  signers: readonly (readonly [Person, SignatureMeaning])[],
) {
  const { jobId } = await app.client.revisions.prepare({
    auditId,
    commandId: newCommand(),
    readerId: signers[0][0].id,
    signers: signers.map(([{ id: readerId }, meaning]) => ({ readerId, meaning })),
    run: null,
    plates: null,
    keepNames: false,
  });
  return jobEnd(app, auditId, jobId);
}

/** Signs the revision that is built. */
export async function signRevision(
  app: TestApp,
  auditId: AuditId,
  person: Person,
  meaning: SignatureMeaning,
  more: { readonly passphrase?: string; readonly manifestSha256?: string } = {},
) {
  const { revisions } = await app.client.revisions.list({ auditId });
  return app.client.revisions.sign({
    auditId,
    commandId: newCommand(),
    readerId: person.id,
    passphrase,
    meaning,
    statement: "I have read it.",
    manifestSha256: revisions.at(-1)?.manifestSha256 ?? "",
    ...more,
  });
}

/** The last step of verifying a folder. */
export async function verifyPath(app: TestApp, path: string): Promise<VerifyStep> {
  const steps = await app.client.verify.folder({ place: await app.places.idFor(path) });
  return lastStep(steps);
}

export async function lastStep(steps: AsyncIterable<VerifyStep>): Promise<VerifyStep> {
  let last: VerifyStep | null = null;
  for await (const step of steps) last = step;
  if (!last) throw new Error("no step came");
  return last;
}

export const bundleOf = (folder: string, no = 1) => join(folder, "exports", `r${no}`);
