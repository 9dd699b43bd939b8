import { implement } from "@orpc/server";
import { revisions as contract, type RevisionRow } from "../../shared/contract/revisions.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import type { Revision, RevisionNote } from "../../shared/domain/revision.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { lastOf, recordedReaders } from "../jobs/recorded-readers.ts";
import { fingerprint } from "../keys/public-key.ts";
import type { AuditStore } from "../store/audit-store.ts";
import type { Deps } from "./deps.ts";
import type { CallContext, Caller } from "./sessions.ts";

/** Signing reports: each act is the signed-in person's own. */
export function revisionRoutes({
  audits,
  keys,
  library,
  signing,
}: Pick<Deps, "audits" | "keys" | "library" | "signing">) {
  const route = implement(contract).$context<CallContext>();
  return {
    list: route.list.handler(async ({ input }) => {
      const { store } = await audits.get(input.auditId);
      const here = new Set(
        (await keys.list()).flatMap((key) => ("publicKey" in key ? key.publicKey : [])),
      );
      const recorded = recordedReaders(store.allRecord());
      return {
        revisions: store.revisions().map((revision) => rowOf(revision, store)),
        signers: store.readers().flatMap(({ id }) => {
          const reader = lastOf(recorded, id);
          if (!reader) return [];
          const { readerId, name, role, publicKey } = reader;
          const print = fingerprint(publicKey);
          return [{ readerId, name, role, fingerprint: print, isHere: here.has(publicKey) }];
        }),
      };
    }),
    prepare: route.prepare.handler(
      async ({ input: { auditId, commandId, readerId, signers, ...request }, context }) => {
        mustBeOwn(context.caller, readerId);
        const audit = await audits.get(auditId);
        const reader = library.reader(readerId);
        if (reader && !audit.store.isReadOnly) audit.store.addReader(reader);
        return { jobId: signing.prepare(audit, { commandId, readerId }, signers, request).id };
      },
    ),
    sign: route.sign.handler(
      async ({ input: { auditId, commandId, readerId, ...signature }, context }) => {
        mustBeOwn(context.caller, readerId);
        const audit = await audits.get(auditId);
        return rowOf(await signing.sign(audit, { commandId, readerId }, signature), audit.store);
      },
    ),
    correct: route.correct.handler(
      async ({ input: { auditId, commandId, readerId, words }, context }) => {
        mustBeOwn(context.caller, readerId);
        const audit = await audits.get(auditId);
        return rowOf(await signing.correct(audit, { commandId, readerId }, words), audit.store);
      },
    ),
    reopen: route.reopen.handler(
      async ({ input: { auditId, commandId, readerId, words }, context }) => {
        mustBeOwn(context.caller, readerId);
        const audit = await audits.get(auditId);
        return rowOf(signing.reopen(audit, { commandId, readerId }, words), audit.store);
      },
    ),
  };
}

function mustBeOwn(caller: Caller, readerId: ReaderId): void {
  if (caller.kind === "reader" && caller.readerId !== readerId) fail("people/other-reader", {});
}

function rowOf(revision: Revision, store: AuditStore): RevisionRow {
  const names = new Map(store.readers().map(({ id, name }) => [id, name]));
  const note = (one: RevisionNote | null) =>
    one && { name: names.get(one.readerId) ?? one.readerId, at: one.at, words: one.words };
  const left = [...revision.signatures];
  const take = (readerId: ReaderId, meaning: string) => {
    const at = left.findIndex(
      ({ content: { signed } }) => signed.readerId === readerId && signed.meaning === meaning,
    );
    return at < 0 ? null : (left.splice(at, 1)[0] ?? null);
  };
  const signedOf = (entered: Revision["signatures"][number] | null) =>
    entered && {
      file: entered.file,
      at: entered.content.signed.signedAt,
      statement: entered.content.signed.statement,
      fingerprint: fingerprint(entered.content.signed.publicKey),
    };
  const named = revision.signers.map((signer) => ({
    ...signer,
    signed: signedOf(take(signer.readerId, signer.meaning)),
  }));
  const others = left.map((entered) => {
    const { readerId, name, role, meaning } = entered.content.signed;
    return { readerId, name, role, meaning, signed: signedOf(entered) };
  });
  return {
    no: revision.no,
    state: revision.state,
    lockedAt: revision.lock?.recordNo ?? null,
    manifestSha256: revision.manifestSha256,
    contentSha256: revision.contentSha256,
    signers: [...named, ...others],
    reopened: note(revision.reopened),
    correction: note(revision.correction),
  };
}
