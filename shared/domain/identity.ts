import type { Rect } from "../geometry/shape.ts";

/** What may be known of names in a picture's pixels: as the file states it, then as a person answered. */
export const identityStates = ["yes", "no", "unknown", "masked", "confirmed", "left-out"] as const;
export type IdentityState = (typeof identityStates)[number];

/** What a person answers: "no identity visible", regions laid over it, or the picture is not to leave. */
export const identityAnswers = ["masked", "confirmed", "left-out"] as const;
export type IdentityAnswer = (typeof identityAnswers)[number];

/** What is filled in a picture before it is made small. */
export interface Cover {
  /** In image fractions 0..1 of the upright picture. */
  readonly boxes: readonly Rect[];
  /** Also the four corners and detected text: nobody has answered for this picture. */
  readonly isGuess: boolean;
}

/** Part of the width and of the height that a corner box takes (RX-54). */
export const cornerShare = { w: 0.25, h: 0.15 } as const;

/** Modalities whose pictures carry names by habit: ultrasound, screenshots, photographs, scanned film (review-experience 6.4). */
export const namedModalities = ["US", "SC", "OT", "XC", "DG"] as const;

/**
 * Only medical audits are asked: in others photographs are what the audit is about and no patient is behind them. A
 * header's NO counts unless a run found text in the pixels; silence is never "no".
 */
export function statedIdentity(of: {
  readonly burnedIn: string | null;
  readonly modality: string | null;
  readonly hasText: boolean;
}): "yes" | "no" | "unknown" {
  if (of.burnedIn === "YES" || of.hasText) return "yes";
  if (of.burnedIn === "NO") return "no";
  return namedModalities.some((one) => one === of.modality) ? "yes" : "unknown";
}

/** Whether a picture in this state may not leave before somebody answers for it. */
export function mustBeAnswered(state: IdentityState): boolean {
  return state === "yes" || state === "unknown";
}
