import { audits } from "./audits.ts";
import { bench } from "./bench.ts";
import { intake } from "./intake.ts";
import { library } from "./library.ts";
import { models } from "./models.ts";
import { people } from "./people.ts";
import { places } from "./places.ts";
import { plans } from "./plans.ts";
import { reports } from "./reports.ts";
import { runs } from "./runs.ts";
import { sheets } from "./sheets.ts";

/**
 * Everything the backend answers, as one value both ends infer their types from; served under `/rpc`. Bytes travel
 * beside it, by GET with strong ETags (`shared/contract/bytes.ts`).
 */
export const contract = {
  audits,
  bench,
  intake,
  library,
  models,
  people,
  places,
  plans,
  reports,
  runs,
  sheets,
};
export type Contract = typeof contract;
