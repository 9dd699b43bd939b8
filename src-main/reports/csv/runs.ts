import type { Model, Run } from "../../../shared/contract/audits.ts";
import type { ReportData } from "../report-data.ts";
import type { Table } from "./table.ts";

/** Every run of the audit with what it was made of. `settings` and `versions` are JSON. */
export function runsTable(models: readonly Model[], software: ReportData["software"]): Table<Run> {
  const byId = new Map(models.map((model) => [model.id, model]));
  return {
    columns: [
      "run_id",
      "model_id",
      "model_sha256",
      "method",
      "layer",
      "target",
      "settings",
      "started",
      "ended",
      "ok",
      "failed",
      "device",
      "versions",
      "sheet",
    ],
    cells: (run) => [
      run.id,
      run.modelId,
      byId.get(run.modelId)?.sha256,
      run.method,
      run.tap.name,
      targetText(run),
      JSON.stringify({
        seed: run.seed,
        secondMethod: run.secondMethod,
        gradient: run.gradient,
        ...(run.fit ? { fit: run.fit } : {}),
        preparation: byId.get(run.modelId)?.preparation,
      }),
      run.startedAt,
      run.endedAt,
      run.done,
      run.failed,
      run.device,
      JSON.stringify(software),
      run.sheet,
    ],
  };
}

function targetText({ target }: Run): string {
  return target.kind === "class" ? `class ${target.index}` : target.kind;
}
