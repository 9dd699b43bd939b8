import { randomUUID } from "node:crypto";
import { fail } from "../../shared/errors/app-error.ts";
import { LabelRun } from "./label-run.ts";
import type { EngineRequests } from "./protocol.ts";

type LabelRequest = "openLabels" | "labelNext" | "closeLabels";
type LabelHandlers = {
  [Name in LabelRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** What the maps engine answers about pseudo labels. */
export function labelHandlers(): LabelHandlers {
  const opened = new Map<string, LabelRun>();
  return {
    openLabels: async (spec) => {
      const run = await LabelRun.open(spec);
      const handle = randomUUID(); // never the same in two processes, as in `openRun`
      opened.set(handle, run);
      return { handle, scales: run.shown };
    },
    labelNext: async ({ handle, item }) => {
      const run = opened.get(handle) ?? fail("engine/run-gone", {});
      return run.label(item);
    },
    closeLabels: async ({ handle }) => {
      const run = opened.get(handle);
      opened.delete(handle);
      await run?.close();
      return null;
    },
  };
}
