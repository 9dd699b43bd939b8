import { implement } from "@orpc/server";
import { contract } from "../../shared/contract/contract.ts";
import { auditRoutes } from "./audits.ts";
import { benchRoutes } from "./bench.ts";
import type { Deps } from "./deps.ts";
import { exportRoutes } from "./exports.ts";
import { findingRoutes } from "./findings.ts";
import { intakeRoutes } from "./intake.ts";
import { libraryRoutes } from "./library.ts";
import { meetingRoutes } from "./meetings.ts";
import { modelRoutes } from "./models.ts";
import { overviewRoutes } from "./overview.ts";
import { peopleRoutes } from "./people.ts";
import { placeRoutes } from "./places.ts";
import { planRoutes } from "./plans.ts";
import { recordRoutes } from "./record.ts";
import { reportRoutes } from "./reports.ts";
import { revisionRoutes } from "./revisions.ts";
import { runRoutes } from "./runs.ts";
import type { CallContext } from "./sessions.ts";
import { settingsRoutes } from "./settings.ts";
import { sheetRoutes } from "./sheets.ts";
import { testRoutes } from "./tests.ts";
import { verifyRoutes } from "./verify.ts";

/** Every procedure of the contract with its handler. */
export function createRouter(deps: Deps) {
  return implement(contract)
    .$context<CallContext>()
    .router({
      audits: auditRoutes(deps),
      bench: benchRoutes(deps),
      exports: exportRoutes(deps),
      findings: findingRoutes(deps),
      intake: intakeRoutes(deps),
      library: libraryRoutes(deps),
      meetings: meetingRoutes(deps),
      models: modelRoutes(deps),
      overview: overviewRoutes(deps),
      people: peopleRoutes(deps),
      places: placeRoutes(deps),
      plans: planRoutes(deps),
      record: recordRoutes(deps),
      reports: reportRoutes(deps),
      revisions: revisionRoutes(deps),
      runs: runRoutes(deps),
      settings: settingsRoutes(deps),
      sheets: sheetRoutes(deps),
      tests: testRoutes(deps),
      verify: verifyRoutes(deps),
    });
}
