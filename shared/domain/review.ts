import type { Polygon, Rect } from "../geometry/shape.ts";
import type { ItemNo, QueueId, ReaderId, RegionId, RunId } from "./ids.ts";

/** What people say about an item: the vocabulary of judging. */
export const verdicts = ["sound", "spurious", "mixed", "unclear", "unreliable"] as const;
export type Verdict = (typeof verdicts)[number];

/** Letter key → reason, asked after Spurious and Mixed. */
export const reasons = {
  M: "marker",
  D: "device",
  B: "border",
  P: "pen",
  W: "watermark",
  A: "anatomy",
  C: "companion",
  H: "background",
  L: "lighting",
  S: "site",
  O: "other",
} as const;
export type Reason = (typeof reasons)[keyof typeof reasons];

export const faults = [
  "wrong-label",
  "duplicate",
  "unreadable",
  "identity",
  "wrong-class",
  "other",
] as const;
export type Fault = (typeof faults)[number];

export type Certainty = 1 | 2 | 3;

export const regionKinds = ["evidence", "shortcut", "ignore", "identity"] as const;
export type RegionKind = (typeof regionKinds)[number];

/** An ellipse lies upright in its box. What a brush painted is kept as a polygon: its outline and its holes. */
export type Shape =
  | ({ readonly kind: "rect" } & Rect)
  | ({ readonly kind: "ellipse" } & Rect)
  | ({ readonly kind: "polygon" } & Polygon);

export interface Region {
  readonly id: RegionId;
  readonly item: ItemNo;
  readonly kind: RegionKind;
  /** In image fractions 0..1 of the oriented picture. */
  readonly shape: Shape;
  readonly readerId: ReaderId;
  readonly note: string;
}

/** What was on screen when a verdict was given (RX-91). */
export interface ViewState {
  readonly run: RunId | null;
  readonly target: number | null;
  readonly mode: OverlayMode;
  readonly opacity: number;
  readonly threshold: number;
  readonly colours: string;
  readonly scaling: string;
  readonly zoom: number;
  readonly seconds: number;
  readonly queue: QueueId | null;
  /** How far a focus-blind reader had looked; absent where nothing was hidden. */
  readonly stage?: BlindStage;
}

/** Focus-blind reading: the picture alone, then its map, then the answer and the metrics (RX-95). */
export const blindStages = ["image", "map", "answer"] as const;
export type BlindStage = (typeof blindStages)[number];

export const overlayModes = ["overlay", "outline", "map", "side-by-side", "swipe", "bare"] as const;
export type OverlayMode = (typeof overlayModes)[number];

export interface Judgement {
  readonly item: ItemNo;
  readonly run: RunId | null;
  readonly readerId: ReaderId;
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly certainty: Certainty | null;
  readonly comment: string;
  readonly fault: Fault | null;
  readonly discuss: boolean;
  readonly view: ViewState | null;
  readonly at: string;
  readonly recordNo: number;
}

/** Answer (computed) × focus (judged, else predicted by metrics). */
export const quadrants = ["right-on", "right-off", "wrong-on", "wrong-off", "unjudged"] as const;
export type Quadrant = (typeof quadrants)[number];
