import { OpenedRuns } from "./opened-runs.ts";
import type { EngineRequests } from "./protocol.ts";
import { SheetRun } from "./sheet-run.ts";

type SheetRequest = "openSheet" | "sheetNext" | "closeSheet";
type SheetHandlers = {
  [Name in SheetRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** What the maps engine answers about reliability sheets. */
export function sheetHandlers(): SheetHandlers {
  const opened = new OpenedRuns<SheetRun>();
  return {
    openSheet: async (spec) => ({ handle: opened.add(await SheetRun.open(spec)) }),
    sheetNext: async ({ handle }) => opened.get(handle).next(),
    closeSheet: ({ handle }) => opened.close(handle),
  };
}
