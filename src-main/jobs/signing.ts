import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../shared/domain/job.ts";
import type { NamedSigner, Revision } from "../../shared/domain/revision.ts";
import type { RecordedReader, SignatureMeaning } from "../../shared/domain/signature.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { ReaderKeys } from "../keys/reader-keys.ts";
import { addSignature } from "../keys/signature-file.ts";
import { signManifest } from "../keys/sign-manifest.ts";
import {
  hashFile,
  manifestName,
  readManifestIn,
  revisionFolders,
  sha256Of,
  signaturesFolder,
} from "./bundle-files.ts";
import { buildRevision, printSignatures } from "./build-revision.ts";
import type { OpenedAudit } from "./opened-audit.ts";
import { lastOf, recordedReaders } from "./recorded-readers.ts";
import { buildUnderWay, type BuildRequest, type ReportBuilder } from "./report-builder.ts";

/** Who is asked to sign, and as what. */
export interface AskedSigner {
  readonly readerId: ReaderId;
  readonly meaning: SignatureMeaning;
}

interface Act {
  readonly commandId: CommandId;
  readonly readerId: ReaderId;
}

/**
 * Signing a report, in the order of review-experience 6.11: lock and build (`prepare`), then one signature after another
 * (`sign`). A revision that nobody signed goes back with a note (`correct`); a signed one is followed by the next (`reopen`).
 */
export class Signing {
  readonly #builder: ReportBuilder;
  readonly #keys: ReaderKeys;
  readonly #now: () => Date;

  constructor(parts: { builder: ReportBuilder; keys: ReaderKeys; now?: () => Date }) {
    this.#builder = parts.builder;
    this.#keys = parts.keys;
    this.#now = parts.now ?? (() => new Date());
  }

  /** Locks the revision and builds it without DRAFT. Cancelled or failed, it is a draft again and nothing is left. */
  prepare(
    audit: OpenedAudit,
    act: Act,
    signers: readonly AskedSigner[],
    request: BuildRequest,
  ): Job {
    const { store } = audit;
    store.mustBeWritable();
    const underWay = buildUnderWay(audit);
    if (underWay && store.revision().state === "building") return underWay;
    const { no: revision } = store.revision();
    const busy = audit.jobs.list().find(({ kind, state }) => isWriting(kind) && !isEnded(state));
    if (busy) fail("revision/busy", { revision, job: busy.title });
    store.mustBeOpen();
    this.#mustBeFreeOfBlockers(audit, revision);
    const named = namedSigners(audit, signers);
    const after = { signers: named };
    store.enterRevision({ action: "revision.lock", ...act, after });
    const giveUp = (why: string) =>
      store.enterRevision({
        action: "revision.unlock",
        readerId: null,
        commandId: null,
        after: { why },
      });
    return audit.jobs.add({
      kind: "report",
      title: message("revision.job", { no: revision }),
      onCancelledEarly: () => giveUp("cancelled"),
      work: async (control) => {
        try {
          await buildRevision({ audit, builder: this.#builder, request, control });
        } catch (cause) {
          giveUp(control.signal.aborted ? "cancelled" : "failed");
          throw cause;
        }
      },
    });
  }

  /**
   * One signature: over the manifest that the signer was shown (`manifestSha256`), after every file was hashed again. The
   * file comes first, then its entry of the record; what cannot be entered is taken away.
   */
  async sign(
    audit: OpenedAudit,
    act: Act,
    {
      passphrase,
      meaning,
      statement,
      manifestSha256,
    }: {
      readonly passphrase: string;
      readonly meaning: SignatureMeaning;
      readonly statement: string;
      readonly manifestSha256: string;
    },
  ): Promise<Revision> {
    const { store, folder } = audit;
    store.mustBeWritable();
    if (store.entryOf(act.commandId)) return store.revision();
    const revision = store.revision();
    const { no, lock } = revision;
    if (!lock || (revision.state !== "ready" && revision.state !== "signed"))
      return fail("revision/not-ready", { revision: no });
    if (revision.manifestSha256 !== manifestSha256)
      fail("revision/other-manifest", { revision: no });
    const signer = signerAt(audit, act.readerId, lock.recordNo);
    if (!signer)
      return fail("revision/signer-unknown", { name: nameOf(audit, act.readerId), revision: no });
    const { whole } = revisionFolders(folder, no);
    await mustBeAsBuilt(whole, revision);
    const signature = await this.#keys.unlocked(act.readerId, passphrase, (key) => {
      if (key.publicKey !== signer.publicKey)
        fail("revision/signer-unknown", { name: signer.name, revision: no });
      return signManifest(key, {
        auditId: store.facts.id,
        revision: no,
        manifestSha256,
        recordTip: { no: lock.recordNo, hash: lock.hash },
        signer,
        meaning,
        statement,
        at: withOffset(this.#now()),
      });
    });
    const signatures = join(whole, signaturesFolder);
    const file = await addSignature(signatures, signature);
    try {
      store.enterRevision({ action: "revision.sign", ...act, after: { file, signature } });
    } catch (cause) {
      await rm(join(signatures, file), { force: true });
      throw cause;
    }
    await printSignatures(audit, this.#builder, this.#now()).catch(() => undefined); // printed again when it is next opened
    return store.revision();
  }

  /** A revision that nobody has signed becomes a draft again, with a note; a signed one is reopened for it. */
  async correct(audit: OpenedAudit, act: Act, words: string): Promise<Revision> {
    const { store } = audit;
    const { no, state } = store.revision();
    if (state === "signed") return this.reopen(audit, act, words);
    if (words.trim() === "") fail("revision/no-reason", {});
    const after = store.enterRevision({ action: "revision.correct", ...act, after: { words } });
    const { whole, pages } = revisionFolders(audit.folder, no);
    for (const folder of [whole, pages]) await rm(folder, { recursive: true, force: true });
    return after;
  }

  /** Begins the next revision with everything that is there; the signed one stays as it is. */
  reopen({ store }: OpenedAudit, act: Act, words: string): Revision {
    if (words.trim() === "") fail("revision/no-reason", {});
    return store.enterRevision({ action: "revision.reopen", ...act, after: { words } });
  }

  #mustBeFreeOfBlockers(audit: OpenedAudit, revision: number): void {
    const { blockers } = this.#builder.outline(audit);
    if (blockers.length === 0) return;
    const what = blockers.map(({ words }) => words).join("; ");
    const why = message("revision.why.blockers", { n: blockers.length, what });
    fail("revision/blocked", { revision, why });
  }
}

/** Jobs that change or read all that a revision counts. */
function isWriting(kind: Job["kind"]): boolean {
  return kind !== "verify" && kind !== "bench" && kind !== "export";
}

/** The signers as the record holds them at this moment. */
function namedSigners(audit: OpenedAudit, signers: readonly AskedSigner[]): NamedSigner[] {
  const { no: revision } = audit.store.revision();
  if (signers.length === 0)
    fail("revision/blocked", { revision, why: message("revision.why.no-signer") });
  const recorded = recordedReaders(audit.store.allRecord());
  const seen = new Set<string>();
  return signers.map(({ readerId, meaning }) => {
    const reader = lastOf(recorded, readerId);
    if (!reader)
      return fail("revision/signer-unknown", { name: nameOf(audit, readerId), revision });
    const { name, role } = reader;
    if (seen.has(`${readerId} ${meaning}`))
      fail("revision/blocked", { revision, why: message("revision.why.same-signer", { name }) });
    seen.add(`${readerId} ${meaning}`);
    return { readerId, name, role, meaning };
  });
}

/** A reader as the record held them when the revision was locked: what the bundle itself can tell of them. */
function signerAt(
  audit: OpenedAudit,
  readerId: ReaderId,
  recordNo: number,
): RecordedReader | undefined {
  const before = [...audit.store.record(1, recordNo)];
  return lastOf(recordedReaders(before), readerId);
}

/** Nobody signs what is no longer what was built. */
async function mustBeAsBuilt(
  folder: string,
  { no: revision, manifestSha256 }: Revision,
): Promise<void> {
  const refuse = (why: string) => fail("revision/changed", { revision, why });
  const text = await readFile(join(folder, manifestName)).catch(() => null);
  if (!text) return refuse(message("verify.manifest.missing"));
  if (sha256Of(text) !== manifestSha256) refuse(message("verify.manifest.other"));
  for (const { name, bytes, sha256 } of readManifestIn(folder)?.files ?? []) {
    const found = await hashFile(join(folder, name));
    if (!found) refuse(message("verify.file.missing", { name, was: bytes }));
    else if (found.sha256 !== sha256)
      refuse(
        message("verify.file.changed-unsigned", {
          name,
          was: bytes,
          is: found.bytes,
          wasHash: sha256.slice(0, 12),
          isHash: found.sha256.slice(0, 12),
        }),
      );
  }
}

function nameOf({ store }: OpenedAudit, readerId: ReaderId): string {
  return store.readers().find(({ id }) => id === readerId)?.name ?? readerId;
}

/** ISO 8601 on this computer's clock with its offset. */
export function withOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const shifted = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${shifted}Z`;
  const two = (value: number) => String(value).padStart(2, "0");
  const [sign, size] = [minutes < 0 ? "-" : "+", Math.abs(minutes)];
  return `${shifted}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
