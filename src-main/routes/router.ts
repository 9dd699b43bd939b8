import { implement } from "@orpc/server";
import { contract } from "../../shared/contract/contract.ts";
import { auditRoutes } from "./audits.ts";
import { benchRoutes } from "./bench.ts";
import type { Deps } from "./deps.ts";
import { intakeRoutes } from "./intake.ts";
import { libraryRoutes } from "./library.ts";
import { modelRoutes } from "./models.ts";
import { placeRoutes } from "./places.ts";
import { reportRoutes } from "./reports.ts";
import { runRoutes } from "./runs.ts";
import { sheetRoutes } from "./sheets.ts";

/** Every procedure of the contract with its handler. */
export function createRouter(deps: Deps) {
  return implement(contract).router({
    audits: auditRoutes(deps),
    bench: benchRoutes(deps),
    intake: intakeRoutes(deps),
    library: libraryRoutes(deps),
    models: modelRoutes(deps),
    places: placeRoutes(deps),
    reports: reportRoutes(deps),
    runs: runRoutes(deps),
    sheets: sheetRoutes(deps),
  });
}
