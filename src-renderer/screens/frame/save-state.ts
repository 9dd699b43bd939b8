import type { AuditState } from "./audit-state.svelte.ts";

/** What the status bar says of the work's safety (review-experience 4.1). */
export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving"; readonly waiting: number }
  | { readonly kind: "lost" }
  | { readonly kind: "failing"; readonly waiting: number }
  | { readonly kind: "read-only" };

/** A write in flight is news only after this long. */
const QUIET_MS = 2_000;

/** Worst first: failing, lost, read only, then a write that takes over 2 s. */
export function saveStateOf(
  audit: Pick<AuditState, "audit" | "saving" | "link"> | null,
  now: number,
): SaveState {
  if (audit === null) return { kind: "saved" };
  const { waiting, since, failure } = audit.saving;
  if (failure !== null) return { kind: "failing", waiting };
  if (audit.link === "lost") return { kind: "lost" };
  if (audit.audit?.isReadOnly) return { kind: "read-only" };
  if (waiting > 0 && since !== null && now - since >= QUIET_MS) return { kind: "saving", waiting };
  return { kind: "saved" };
}
