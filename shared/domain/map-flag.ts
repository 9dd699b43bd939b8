/** What a map says of itself before anybody looks at it. */
export const mapFlags = [
  "no-positive-evidence",
  "flat",
  "non-finite",
  "sign-ambiguous",
  "no-spatial-extent",
  "no-target",
] as const;

export type MapFlag = (typeof mapFlags)[number];
