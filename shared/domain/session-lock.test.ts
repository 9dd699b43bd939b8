import { expect, it } from "vitest";
import type { ReaderId } from "./ids.ts";
import {
  lockDueMs,
  nextLock,
  signedOut,
  type SessionEvent,
  type SessionLock,
} from "./session-lock.ts";

const a = "a" as ReaderId; // made-up readers
const b = "b" as ReaderId;
const minute = 60_000;
const signIn: SessionEvent = { kind: "sign-in", readerId: a, hasPassphrase: true };
const after = (...steps: readonly [SessionEvent, number][]): SessionLock =>
  steps.reduce((state, [event, at]) => nextLock(state, event, at), signedOut);

it("locks after 15 idle minutes and not a moment before", () => {
  expect(lockDueMs(after([signIn, 0]))).toBe(15 * minute);
  expect(after([signIn, 0], [{ kind: "tick" }, 15 * minute - 1]).kind).toBe("open");
  expect(after([signIn, 0], [{ kind: "tick" }, 15 * minute])).toEqual({
    kind: "locked",
    readerId: a,
    why: "idle",
  });
  expect(nextLock(after([signIn, 0]), { kind: "tick" }, 5 * minute, 5 * minute).kind).toBe(
    "locked",
  );
});

it("activity starts the wait anew; a first movement after a night's sleep meets the lock", () => {
  const active = after([signIn, 0], [{ kind: "activity" }, 14 * minute]);
  expect(lockDueMs(active)).toBe(29 * minute);
  expect(nextLock(active, { kind: "activity" }, 600 * minute).kind).toBe("locked");
  expect(nextLock(active, { kind: "signed" }, 600 * minute).kind).toBe("locked");
});

it("opens only for the reader who was locked out; another signs in as themselves", () => {
  const locked = after([signIn, 0], [{ kind: "lock" }, 1]);
  expect(locked).toEqual({ kind: "locked", readerId: a, why: "asked" });
  for (const kind of ["activity", "tick", "lock", "signed", "passphrase-set"] as const)
    expect(nextLock(locked, { kind }, 2)).toEqual(locked);
  expect(nextLock(locked, { kind: "unlock", readerId: b }, 2)).toEqual(locked);
  expect(nextLock(locked, { kind: "unlock", readerId: a }, 2)).toMatchObject({ kind: "open" });
  expect(nextLock(locked, { ...signIn, readerId: b }, 2)).toMatchObject({ readerId: b });
  expect(nextLock(locked, { kind: "sign-out" }, 2)).toEqual(signedOut);
});

it("asks for the name at the first signing after every opening", () => {
  const signed = after([signIn, 0], [{ kind: "signed" }, 1]);
  expect(signed).toMatchObject({ hasSigned: true });
  const locked = nextLock(signed, { kind: "lock" }, 2);
  expect(nextLock(locked, { kind: "unlock", readerId: a }, 3)).toMatchObject({ hasSigned: false });
});

it("never locks out a reader without a passphrase, until one is set", () => {
  const open = after([{ ...signIn, hasPassphrase: false }, 0], [{ kind: "tick" }, 99 * minute]);
  expect(open.kind).toBe("open");
  expect(lockDueMs(open)).toBeNull();
  expect(nextLock(open, { kind: "lock" }, 99 * minute).kind).toBe("open");
  const set = nextLock(open, { kind: "passphrase-set" }, 100 * minute);
  expect(lockDueMs(set)).toBe(115 * minute);
});

it("a clock set back restarts the wait instead of lengthening it", () => {
  const back = after([signIn, 600 * minute], [{ kind: "tick" }, 60 * minute]);
  expect(lockDueMs(back)).toBe(75 * minute);
});

it("nobody signed in stays nobody", () => {
  expect(nextLock(signedOut, { kind: "activity" }, 1)).toEqual(signedOut);
  expect(nextLock(signedOut, { kind: "unlock", readerId: a }, 1)).toEqual(signedOut);
  expect(lockDueMs(signedOut)).toBeNull();
});
