import type { Message } from "../catalogue.ts";

/** English: rates of the random sample, agreement and acceptance, wherever they are told. */
export const rates = {
  "rates.interval": "{low}–{high}",
  "rates.sentence": "{p}\u202f%, {k} of {of}; 95\u202f% interval {interval}\u202f%, {method}",
  "rates.method.wilson": "Wilson",
  "rates.method.stratified": "stratified, weighted back to the dataset",
  "rates.method.clustered": {
    one: "Wilson by patient, {n} patient",
    other: "Wilson by patient, {n} patients",
  },
  "rates.method.stratified-clustered": {
    one: "stratified and by patient, {n} patient",
    other: "stratified and by patient, {n} patients",
  },
  "rates.method.weighted": "weighted by stratum (Hájek)",
  "rates.method.census": "everything was read",
  "rates.cause.no-sample": "no random sample is drawn yet",
  "rates.cause.not-read": "random sample not read yet (0 of {n})",
  "rates.cause.few-in-stratum": "read two images of each stratum first ({read} of {n} read)",
  "rates.cause.order": "the sample is read by score: a rate comes at its end ({read} of {n} read)",
  "rates.group.class": "Class",
  "rates.group.answer": "Answer",
  "rates.group.site": "Site",
  "rates.name.right": "right",
  "rates.name.wrong": "wrong",
  "rates.agreement.no-variation": "no variation",
  "rates.agreement.nothing-shared": "nothing read twice",
  "rates.agreement.alpha": "Krippendorff α",
  "rates.agreement.kappa.cohen": "Cohen κ",
  "rates.agreement.kappa.weighted": "weighted κ",
  "rates.agreement.kappa.fleiss": "Fleiss κ",
  "rates.agreement.ac1": "Gwet AC1",
  "rates.agreement.raw": "Raw agreement",
  "rates.agreement.prevalence": "Prevalence of Spurious",
  "rates.agreement.value": "{value}, 95\u202f% interval {low} to {high}",
  "rates.agreement.shared": { one: "{n} image read by two", other: "{n} images read by two" },
  "rates.agreement.weak":
    "α is under 0.667: the criterion is not reliable, and the disagreements are listed.",
  "rates.acceptance.accept": "Accepted: {found} Spurious in {of}, at most {c} allowed",
  "rates.acceptance.reject":
    "Rejected: {found} Spurious in {read} of {of} read, at most {c} allowed",
  "rates.acceptance.open": "Open: {found} Spurious in {read} of {of} read, at most {c} allowed",
  "rates.acceptance.interval":
    "Rate so far between {interval}\u202f% (Clopper–Pearson, {found} of {read})",
  "rates.acceptance.plan":
    "Passes a rate of {good}\u202f% with chance {atGood}, one of {bad}\u202f% with chance {atBad}",
} satisfies Record<string, Message>;
