import type { Count } from "../statistics/proportion.ts";
import type { ItemNo } from "./ids.ts";
import type { NoRateCause, Rate } from "./rates.ts";

/** The numbers of a finding; nobody types one. */
export interface FindingNumbers {
  readonly found: number;
  /** Of the items of the random sample that were read: those that belong to it. Null: not measured, and why. */
  readonly rate: Rate | null;
  readonly rateCause: NoRateCause | null;
  /** Right answers among labelled items the model answered; null where there are none. */
  readonly accuracy: {
    readonly all: Count;
    readonly without: Count;
    readonly within: Count;
  } | null;
  /** By label: those of its classes, or those it has items of. */
  readonly classes: readonly {
    readonly name: string;
    /** Right answers among items of that label inside it, and outside. */
    readonly within: Count;
    readonly without: Count;
  }[];
  /** Its items by where they come from, most first; empty where no column says it. */
  readonly sites: readonly { readonly name: string; readonly k: number; readonly of: number }[];
  readonly noLongerSpurious: readonly ItemNo[];
}
