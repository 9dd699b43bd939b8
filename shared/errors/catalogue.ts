import { audits } from "./areas/audits.ts";
import { bench } from "./areas/bench.ts";
import { datasets } from "./areas/datasets.ts";
import { dicom } from "./areas/dicom.ts";
import { findings } from "./areas/findings.ts";
import { gradients } from "./areas/gradients.ts";
import { identity } from "./areas/identity.ts";
import { images } from "./areas/images.ts";
import { inside } from "./areas/inside.ts";
import { internal } from "./areas/internal.ts";
import { keys } from "./areas/keys.ts";
import { labels } from "./areas/labels.ts";
import { merge } from "./areas/merge.ts";
import { models } from "./areas/models.ts";
import { people } from "./areas/people.ts";
import { places } from "./areas/places.ts";
import { plans } from "./areas/plans.ts";
import { preparation } from "./areas/preparation.ts";
import { relevance } from "./areas/relevance.ts";
import { reports } from "./areas/reports.ts";
import { revisions } from "./areas/revisions.ts";
import { runs } from "./areas/runs.ts";
import { sheets } from "./areas/sheets.ts";
import { storage } from "./areas/storage.ts";
import { tensorflow } from "./areas/tensorflow.ts";
import { tests } from "./areas/tests.ts";
import { usage } from "./areas/usage.ts";

/** Every failure a person can act on, by area. Codes are forever; wording may improve. */
export const catalogue = {
  ...audits,
  ...bench,
  ...datasets,
  ...dicom,
  ...findings,
  ...gradients,
  ...identity,
  ...images,
  ...inside,
  ...internal,
  ...keys,
  ...labels,
  ...merge,
  ...models,
  ...people,
  ...places,
  ...plans,
  ...preparation,
  ...relevance,
  ...reports,
  ...revisions,
  ...runs,
  ...sheets,
  ...storage,
  ...tensorflow,
  ...tests,
  ...usage,
};

export type ErrorCode = keyof typeof catalogue;
