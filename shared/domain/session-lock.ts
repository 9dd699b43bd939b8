import type { ReaderId } from "./ids.ts";

/** Idle minutes until the session locks: Settings offers this range. */
export const idleLockMinutes = { least: 5, usual: 15, most: 60 } as const;

/**
 * Who is signed in, and whether the work is hidden behind the lock screen. A reader without a passphrase cannot be
 * locked out (RX-31): there would be nothing to open the lock with.
 */
export type SessionLock =
  | { readonly kind: "signed-out" }
  | {
      readonly kind: "open";
      readonly readerId: ReaderId;
      readonly hasPassphrase: boolean;
      readonly activeAtMs: number;
      /** Whether something was signed since the lock last opened: the first signing asks for the name as well. */
      readonly hasSigned: boolean;
    }
  | { readonly kind: "locked"; readonly readerId: ReaderId; readonly why: LockReason };

export type LockReason = "idle" | "asked";

export type SessionEvent =
  | { readonly kind: "sign-in"; readonly readerId: ReaderId; readonly hasPassphrase: boolean }
  | { readonly kind: "sign-out" }
  /** A key or pointer was used. */
  | { readonly kind: "activity" }
  /** Time passed: sent at `lockDueMs`, and when the computer wakes. */
  | { readonly kind: "tick" }
  | { readonly kind: "lock" }
  /** The passphrase of `readerId` was given and fits. */
  | { readonly kind: "unlock"; readonly readerId: ReaderId }
  /** The reader set a first passphrase: from now on there is something to lock with. */
  | { readonly kind: "passphrase-set" }
  | { readonly kind: "signed" };

export const signedOut: SessionLock = { kind: "signed-out" };

/**
 * The state after `event` at `nowMs`. Idle time is judged before the event: a pointer moved after a night's sleep meets
 * the lock screen. A clock set back restarts the wait instead of lengthening it.
 */
export function nextLock(
  before: SessionLock,
  event: SessionEvent,
  nowMs: number,
  idleMs: number = idleLockMinutes.usual * 60_000,
): SessionLock {
  if (event.kind === "sign-in") {
    const { readerId, hasPassphrase } = event;
    return { kind: "open", readerId, hasPassphrase, activeAtMs: nowMs, hasSigned: false };
  }
  if (event.kind === "sign-out") return signedOut;
  const state = afterIdling(before, nowMs, idleMs);
  switch (state.kind) {
    case "signed-out":
      return state;
    case "locked":
      if (event.kind !== "unlock" || event.readerId !== state.readerId) return state;
      return {
        kind: "open",
        readerId: state.readerId,
        hasPassphrase: true,
        activeAtMs: nowMs,
        hasSigned: false,
      };
    case "open":
      switch (event.kind) {
        case "tick":
          return state;
        case "activity":
        case "unlock":
          return { ...state, activeAtMs: nowMs };
        case "passphrase-set":
          return { ...state, activeAtMs: nowMs, hasPassphrase: true };
        case "signed":
          return { ...state, activeAtMs: nowMs, hasSigned: true };
        case "lock":
          if (!state.hasPassphrase) return state;
          return { kind: "locked", readerId: state.readerId, why: "asked" };
      }
  }
}

/** When to send the next `tick`, or null where no time leads to a lock. */
export function lockDueMs(
  state: SessionLock,
  idleMs: number = idleLockMinutes.usual * 60_000,
): number | null {
  return state.kind === "open" && state.hasPassphrase ? state.activeAtMs + idleMs : null;
}

function afterIdling(state: SessionLock, nowMs: number, idleMs: number): SessionLock {
  const dueMs = lockDueMs(state, idleMs);
  if (state.kind !== "open") return state;
  if (dueMs !== null && nowMs >= dueMs)
    return { kind: "locked", readerId: state.readerId, why: "idle" };
  return nowMs < state.activeAtMs ? { ...state, activeAtMs: nowMs } : state;
}
