import { bootstrapCoefficient, type CoefficientInterval } from "./bootstrap-coefficient.ts";
import { cohenKappa, weightedKappa } from "./cohen-kappa.ts";
import type { Coefficient } from "./coefficient.ts";
import { fleissKappa } from "./fleiss-kappa.ts";
import { gwetAc1 } from "./gwet-ac1.ts";
import { krippendorffAlpha, type Scale } from "./krippendorff-alpha.ts";
import { pabak } from "./pabak.ts";
import { categoryCounts, pairTable, prevalence, rawAgreement, type Ratings } from "./ratings.ts";

/** Under this α the report says that the criterion is not reliable (Krippendorff 2004). */
export const leastAlpha = 0.667;

/** Agreement of readers as the report prints it; α with its interval, raw agreement and prevalence come first. */
export interface Agreement {
  /** Items with at least two verdicts. */
  readonly shared: number;
  /** Share of pairs that agree; NaN when nothing is shared. */
  readonly raw: number;
  /** By category. */
  readonly prevalence: readonly number[];
  readonly alpha: CoefficientInterval;
  readonly ac1: CoefficientInterval;
  /**
   * For two readers Cohen's, weighted on the interval scale; for more Fleiss', null where items have different numbers of
   * verdicts.
   */
  readonly kappa: (CoefficientInterval & { readonly of: "cohen" | "weighted" | "fleiss" }) | null;
  readonly pabak: Coefficient;
  /** Null without an α. */
  readonly isReliable: boolean | null;
  /** Items, by index, whose verdicts are not all the same: to be listed and adjudicated. */
  readonly disagreements: readonly number[];
}

/** Every figure of 7.4. `groups`: whom each item belongs to (patient), when whole patients are to be resampled. */
export function agreement(
  ratings: Ratings,
  options: {
    readonly categories: number;
    readonly seed: number;
    readonly scale?: Scale;
    readonly groups?: readonly (string | null)[];
    readonly resamples?: number;
  },
): Agreement {
  const { categories, scale = "nominal" } = options;
  const counts = categoryCounts(ratings, categories);
  const interval = (statistic: (items: Ratings) => Coefficient) =>
    bootstrapCoefficient(ratings, statistic, options);
  const alpha = interval((items) => krippendorffAlpha(items, scale));
  return {
    shared: counts.length,
    raw: rawAgreement(counts),
    prevalence: prevalence(counts),
    alpha,
    ac1: interval((items) => gwetAc1(categoryCounts(items, categories))),
    kappa: kappaOf(ratings, options, interval),
    pabak: pabak(counts),
    isReliable: alpha.estimate.kind === "value" ? alpha.estimate.value >= leastAlpha : null,
    disagreements: ratings.flatMap((item, i) =>
      new Set(item.filter((verdict) => verdict !== null)).size > 1 ? [i] : [],
    ),
  };
}

function kappaOf(
  ratings: Ratings,
  { categories, scale }: { readonly categories: number; readonly scale?: Scale },
  interval: (statistic: (items: Ratings) => Coefficient) => CoefficientInterval,
): Agreement["kappa"] {
  const readers = ratings.reduce((most, item) => Math.max(most, item.length), 0);
  if (readers <= 2) {
    const kappa = scale === "interval" ? weightedKappa : cohenKappa;
    return {
      of: scale === "interval" ? "weighted" : "cohen",
      ...interval((items) => kappa(pairTable(items, [0, 1], categories))),
    };
  }
  if (!fleissKappa(categoryCounts(ratings, categories))) return null;
  const none: Coefficient = { kind: "nothing-shared" };
  return {
    of: "fleiss",
    ...interval((items) => fleissKappa(categoryCounts(items, categories)) ?? none),
  };
}
