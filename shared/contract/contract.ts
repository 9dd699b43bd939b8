import { audits } from "./audits.ts";
import { bench } from "./bench.ts";
import { exports } from "./exports.ts";
import { findings } from "./findings.ts";
import { intake } from "./intake.ts";
import { library } from "./library.ts";
import { meetings } from "./meetings.ts";
import { models } from "./models.ts";
import { overview } from "./overview.ts";
import { people } from "./people.ts";
import { places } from "./places.ts";
import { plans } from "./plans.ts";
import { record } from "./record.ts";
import { reports } from "./reports.ts";
import { revisions } from "./revisions.ts";
import { runs } from "./runs.ts";
import { settings } from "./settings.ts";
import { sheets } from "./sheets.ts";
import { tests } from "./tests.ts";
import { verify } from "./verify.ts";

/**
 * Everything the backend answers, as one value both ends infer their types from; served under `/rpc`. Bytes travel
 * beside it, by GET with strong ETags (`shared/contract/bytes.ts`).
 */
export const contract = {
  audits,
  bench,
  exports,
  findings,
  intake,
  library,
  meetings,
  models,
  overview,
  people,
  places,
  plans,
  record,
  reports,
  revisions,
  runs,
  settings,
  sheets,
  tests,
  verify,
};
export type Contract = typeof contract;
