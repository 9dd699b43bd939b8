import { LabelRun } from "./label-run.ts";
import { OpenedRuns } from "./opened-runs.ts";
import type { EngineRequests } from "./protocol.ts";

type LabelRequest = "openLabels" | "labelNext" | "closeLabels";
type LabelHandlers = {
  [Name in LabelRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** What the maps engine answers about pseudo labels. */
export function labelHandlers(): LabelHandlers {
  const opened = new OpenedRuns<LabelRun>();
  return {
    openLabels: async (spec) => {
      const run = await LabelRun.open(spec);
      return { handle: opened.add(run), scales: run.shown };
    },
    labelNext: async ({ handle, item }) => opened.get(handle).label(item),
    closeLabels: ({ handle }) => opened.close(handle),
  };
}
