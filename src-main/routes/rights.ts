import type { Command } from "../../shared/domain/command.ts";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import { isEnough, roleFor, roleOnJoining, type Role } from "../../shared/domain/role.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { AuditStore } from "../store/audit-store.ts";
import type { KnownReader, Library } from "../store/library.ts";
import type { Deps } from "./deps.ts";
import type { Caller } from "./sessions.ts";

/** Procedures that change an audit, and the role they ask for; what is not here only reads. */
const changing: Readonly<Record<string, "reviewer" | "lead">> = {
  "exports.start": "reviewer",
  "audits.merge": "lead",
  // It writes nothing, and tells who judged what in a copy that only the lead was given.
  "audits.previewMerge": "lead",
  "models.add": "reviewer",
  "reports.build": "reviewer",
  // Preparing locks the revision and everything it counted; who is named as a signer then signs.
  "revisions.prepare": "lead",
  "revisions.reopen": "lead",
  "revisions.sign": "reviewer",
  "revisions.correct": "reviewer",
  "runs.create": "reviewer",
  "runs.labels": "reviewer",
  "runs.pause": "reviewer",
  "runs.resume": "reviewer",
  "runs.cancel": "reviewer",
  "sheets.make": "reviewer",
  "tests.run": "reviewer",
};

/** Groups that a window may call before anybody is signed in. */
const open: ReadonlySet<string> = new Set(["people", "library.me", "library.startAudit"]);
/** What goes on behind the lock screen: events, so that nothing is missed. */
const behindLock: ReadonlySet<string> = new Set(["audits.watch", "runs.watch"]);

/**
 * Before any procedure: nobody and nothing but people's own affairs without a session, nothing but events behind the lock,
 * and what changes an audit only by those whose role allows it. This process itself may do what it is told to.
 */
export async function mustBeAllowed(
  { audits, library }: Pick<Deps, "audits" | "library">,
  caller: Caller,
  path: readonly string[],
  input: unknown,
): Promise<void> {
  const name = path.join(".");
  if (caller.kind === "host" || open.has(path[0] ?? "") || open.has(name)) return;
  if (caller.kind === "nobody") fail("people/signed-out", {});
  if (caller.kind === "locked") {
    if (!behindLock.has(name)) fail("people/locked", {});
    return;
  }
  const needs = changing[name];
  const auditId = auditIdIn(input);
  if (needs === undefined || auditId === null) return;
  const { store } = await audits.get(auditId);
  mustBe(roleIn(store, library, caller.readerId), needs);
}

/**
 * Whether `caller` may give `command`: in their own name, and as their role allows. Somebody new joins the audit by it.
 * Fails with `people/other-reader`, `people/not-allowed`.
 */
export function mustApply(
  caller: Caller,
  command: Command,
  store: AuditStore,
  library: Library,
): void {
  if (caller.kind === "reader") {
    if (command.readerId !== caller.readerId) fail("people/other-reader", {});
    mustBe(roleIn(store, library, caller.readerId), roleFor(command.kind));
  }
  const reader = library.reader(command.readerId);
  if (reader) store.addReader(reader);
}

/** An audit without a lead, as the command line makes it, is led by the first who opens it in a window. */
export function joinAsFirst(caller: Caller, store: AuditStore, library: Library): void {
  if (caller.kind !== "reader" || store.isReadOnly) return;
  const reader = library.reader(caller.readerId);
  if (!reader || reader.role === "viewer") return;
  if (store.readers().every(({ role }) => role !== "lead")) store.addReader(reader);
}

/** The lead who calls; null for this process itself. Fails with `people/not-allowed`. */
export function mustLead(caller: Caller, store: AuditStore): ReaderId | null {
  if (caller.kind === "host") return null;
  if (caller.kind !== "reader") return fail("people/signed-out", {});
  mustBe(store.roleOf(caller.readerId) ?? "viewer", "lead");
  return caller.readerId;
}

/** Whom the caller works for: the person of the window; for this process itself whoever worked here last. */
export function readerOf(library: Library, caller: Caller): KnownReader | null {
  return "readerId" in caller ? library.reader(caller.readerId) : library.me();
}

/** What somebody may do in an audit, or would if they joined now. */
function roleIn(store: AuditStore, library: Library, readerId: ReaderId): Role {
  const hasLead = store.readers().some(({ role }) => role === "lead");
  const wished = library.reader(readerId)?.role ?? "viewer";
  return store.roleOf(readerId) ?? roleOnJoining(wished, hasLead);
}

function mustBe(role: Role, needs: "reviewer" | "lead"): void {
  if (!isEnough(role, needs)) fail("people/not-allowed", { role, needs });
}

function auditIdIn(input: unknown): AuditId | null {
  if (typeof input !== "object" || input === null || !("auditId" in input)) return null;
  return typeof input.auditId === "string" ? (input.auditId as AuditId) : null; // only looked up
}
