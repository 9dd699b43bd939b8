import { describe, expect, it } from "vitest";
import type { CommandId } from "../../shared/domain/ids.ts";
import type { SignatureFile } from "../../shared/domain/signature.ts";
import {
  ann,
  ben,
  command,
  sampleAudit,
  sampleItem,
  sampleOutcome,
} from "../../test/support/sample-audit.ts";
import type { AuditStore } from "./audit-store.ts";
import { openAudit } from "./open-audit.ts";

const signers = [{ readerId: ann, name: "Ann", role: "lead", meaning: "authored" }] as const;
const signature = {
  schema: 1,
  signed: { name: "Ann" },
  signature: "00",
} as unknown as SignatureFile; // the store keeps it as it comes

const step = (
  store: AuditStore,
  action: Parameters<AuditStore["enterRevision"]>[0]["action"],
  after: unknown = {},
) => store.enterRevision({ action, readerId: ann, after, commandId: null });

function signedAudit() {
  const sample = sampleAudit();
  step(sample.store, "revision.lock", { signers });
  step(sample.store, "revision.build", {
    manifestSha256: "ab".repeat(32),
    contentSha256: "cd".repeat(32),
  });
  step(sample.store, "revision.sign", { file: "1.json", signature });
  return sample;
}

const verdict = (id?: string) =>
  command(
    { kind: "verdict.set", items: [1], run: null, verdict: "sound", reasons: [], view: null },
    id === undefined ? {} : { id },
  );

describe("a revision", () => {
  it("goes from draft over building, ready and signed to superseded, and the next begins", () => {
    const { store } = sampleAudit();
    expect(store.revision()).toMatchObject({ no: 1, state: "draft", lock: null });
    const locked = step(store, "revision.lock", { signers });
    expect(locked).toMatchObject({ state: "building", signers });
    expect(locked.lock).toMatchObject({
      recordNo: store.recordTip().no,
      hash: store.recordTip().hash,
    });
    step(store, "revision.build", { manifestSha256: "ab", contentSha256: "cd" });
    expect(store.revision()).toMatchObject({ state: "ready", manifestSha256: "ab" });
    step(store, "revision.sign", { file: "1.json", signature });
    expect(store.revisionSummary()).toEqual({ no: 1, state: "signed", signed: 1, signers: 1 });
    step(store, "revision.reopen", { words: "Label of item 3 was wrong" });
    expect(store.revisions().map(({ no, state }) => [no, state])).toEqual([
      [1, "superseded"],
      [2, "draft"],
    ]);
    expect(store.revision().reopened).toMatchObject({
      readerId: ann,
      words: "Label of item 3 was wrong",
    });
  });

  it("takes no step that does not follow on its state, and the same command once", () => {
    const { store } = sampleAudit();
    expect(() => step(store, "revision.sign")).toThrowError(
      expect.objectContaining({ code: "revision/not-ready" }),
    );
    expect(() => step(store, "revision.reopen", { words: "why" })).toThrowError(
      expect.objectContaining({ code: "revision/not-signed" }),
    );
    const id = "lock-1" as CommandId; // made up
    const lock = {
      action: "revision.lock",
      readerId: ann,
      after: { signers },
      commandId: id,
    } as const;
    store.enterRevision(lock);
    const { no } = store.recordTip();
    store.enterRevision(lock);
    expect(store.recordTip().no).toBe(no);
  });

  it("locks everything it counted, says how to go on, and lets people join", () => {
    const { store, run } = signedAudit();
    const { no } = store.recordTip();
    const refused = expect.objectContaining({
      code: "audit/signed",
      details: { name: "Sample", revision: 1 },
    });
    expect(() => store.apply(verdict())).toThrowError(refused);
    expect(() => store.addItems([sampleItem(99)])).toThrowError(refused);
    expect(() => store.commitBatch(run, [sampleOutcome(0)])).toThrowError(refused);
    expect(() => store.retryFailed(run)).toThrowError(refused);
    expect(store.recordTip().no).toBe(no);
    expect(store.overview()).toMatchObject({ isReadOnly: true, revision: { state: "signed" } });
    store.addReader({ id: ben, name: "Benjamin", initials: "B" });
    expect(store.recordTip().no).toBe(no + 1);
  });

  it("answers a command again that was applied before it was locked", () => {
    const { store } = sampleAudit();
    const once = verdict("given-before");
    const first = store.apply(once);
    step(store, "revision.lock", { signers });
    expect(store.apply(once)).toEqual(first);
    expect(() => store.apply(verdict())).toThrowError(
      expect.objectContaining({ code: "audit/locked" }),
    );
  });

  it("opens again when it is reopened, or sent back with a note before anyone signed", () => {
    const { store } = sampleAudit();
    step(store, "revision.lock", { signers });
    step(store, "revision.build", { manifestSha256: "ab", contentSha256: "cd" });
    const back = step(store, "revision.correct", { words: "Section 2 names the wrong ward" });
    expect(back).toMatchObject({ no: 1, state: "draft", manifestSha256: null });
    expect(back.correction?.words).toBe("Section 2 names the wrong ward");
    store.apply(verdict());
    step(store, "revision.lock", { signers });
    expect(store.revision().correction).toBeNull();
  });

  it("tells listeners, and is the same after the state was made anew from the record", () => {
    const { store } = sampleAudit();
    const heard: unknown[] = [];
    store.onChange((change) => change.kind === "revision" && heard.push(change));
    step(store, "revision.lock", { signers });
    expect(heard).toEqual([
      {
        kind: "revision",
        revision: { no: 1, state: "building", signed: 0, signers: 1 },
        isReadOnly: true,
      },
    ]);
    const before = store.revisions();
    store.rebuildState();
    expect(store.revisions()).toEqual(before);
  });

  it("is read from an audit that is opened to be read only", () => {
    const { folder, store } = signedAudit();
    store.closeNow();
    const reading = openAudit(folder, { readOnly: true });
    expect(reading.revision()).toMatchObject({ state: "signed", signatures: [{ file: "1.json" }] });
    reading.closeNow();
  });
});
