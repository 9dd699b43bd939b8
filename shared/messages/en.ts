import { cli } from "./en/cli.ts";
import { compare } from "./en/compare.ts";
import { desktop } from "./en/desktop.ts";
import { device } from "./en/device.ts";
import { dicomWords } from "./en/dicom.ts";
import { domain } from "./en/domain.ts";
import { evaluation } from "./en/evaluation.ts";
import { exportWords } from "./en/export.ts";
import { findings } from "./en/findings.ts";
import { frame } from "./en/frame.ts";
import { grid } from "./en/grid.ts";
import { heatmap } from "./en/heatmap.ts";
import { intake } from "./en/intake.ts";
import { jobs } from "./en/jobs.ts";
import { keys } from "./en/keys.ts";
import { library } from "./en/library.ts";
import { meeting } from "./en/meeting.ts";
import { merge } from "./en/merge.ts";
import { methodWords } from "./en/methods.ts";
import { people } from "./en/people.ts";
import { overview } from "./en/overview.ts";
import { plan } from "./en/plan.ts";
import { rates } from "./en/rates.ts";
import { reasons } from "./en/reasons.ts";
import { record } from "./en/record.ts";
import { reportAnnexes } from "./en/report-annexes.ts";
import { reportFindings } from "./en/report-findings.ts";
import { report } from "./en/report.ts";
import { reportDocument } from "./en/report-document.ts";
import { reportSubject } from "./en/report-subject.ts";
import { revision } from "./en/revision.ts";
import { review } from "./en/review.ts";
import { runs } from "./en/runs.ts";
import { settings } from "./en/settings.ts";
import { sheet } from "./en/sheet.ts";
import { tensorflow } from "./en/tensorflow.ts";
import { test } from "./en/test.ts";
import { verify } from "./en/verify.ts";

/** English, by area: one file per screen or reader. Keys begin with the area's name. */
export const en = {
  ...cli,
  ...compare,
  ...desktop,
  ...device,
  ...dicomWords,
  ...domain,
  ...evaluation,
  ...exportWords,
  ...findings,
  ...frame,
  ...grid,
  ...heatmap,
  ...intake,
  ...jobs,
  ...keys,
  ...library,
  ...meeting,
  ...methodWords,
  ...people,
  ...overview,
  ...plan,
  ...rates,
  ...reasons,
  ...record,
  ...merge,
  ...report,
  ...reportAnnexes,
  ...reportFindings,
  ...reportDocument,
  ...reportSubject,
  ...revision,
  ...review,
  ...runs,
  ...settings,
  ...sheet,
  ...tensorflow,
  ...test,
  ...verify,
};
