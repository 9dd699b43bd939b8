import type { ErrorJson } from "../errors/app-error.ts";
import type { JobId, RunId } from "./ids.ts";

export const jobKinds = [
  "scan",
  "run",
  "report",
  "export",
  "verify",
  "bench",
  "sheet",
  "labels",
  "test",
] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = [
  "waiting",
  "checking",
  "running",
  "paused",
  "cancelling",
  "cancelled",
  "failed",
  "done",
  "done-faults",
] as const;
export type JobState = (typeof jobStates)[number];

/** `tried` of `planned` items attempted; it never moves back. */
export interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly title: string;
  readonly run: RunId | null;
  readonly state: JobState;
  readonly tried: number;
  readonly planned: number;
  readonly failed: number;
  /** Seconds left, low and high; null until 30 s of measurements exist. */
  readonly etaSeconds: readonly [low: number, high: number] | null;
  /** While the method of a run learns from labelled items, before its maps: how many of them it has read. */
  readonly fitting?: { readonly done: number; readonly of: number } | null;
  readonly engineRestarts: number;
  readonly cause: ErrorJson | null;
}

/** A job that will not move again by itself. */
export function isEnded(state: JobState): boolean {
  return state === "cancelled" || state === "failed" || state === "done" || state === "done-faults";
}
