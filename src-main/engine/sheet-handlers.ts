import { randomUUID } from "node:crypto";
import { fail } from "../../shared/errors/app-error.ts";
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
  const opened = new Map<string, SheetRun>();
  return {
    openSheet: async (spec) => {
      const handle = randomUUID(); // never the same in two processes, as in `openRun`
      opened.set(handle, await SheetRun.open(spec));
      return { handle };
    },
    sheetNext: async ({ handle }) => {
      const run = opened.get(handle) ?? fail("engine/run-gone", {});
      return run.next();
    },
    closeSheet: async ({ handle }) => {
      const run = opened.get(handle);
      opened.delete(handle);
      await run?.close();
      return null;
    },
  };
}
