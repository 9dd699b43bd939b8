import { implement } from "@orpc/server";
import { runs as contract } from "../../shared/contract/runs.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { AuditId, JobId } from "../../shared/domain/ids.ts";
import { pictureName } from "../../shared/domain/picture-path.ts";
import { startLabels } from "../jobs/pseudo-labels.ts";
import { startSheet, usualSheet } from "../jobs/reliability-sheet.ts";
import { resumeRun, startRun } from "../jobs/run-job.ts";
import { sourcesOf } from "./other-models.ts";
import type { Deps } from "./deps.ts";

/** Runs and every other job: creating, watching, steering. */
export function runRoutes({
  audits,
  engines,
  places,
}: Pick<Deps, "audits" | "engines" | "places">) {
  const route = implement(contract);
  const jobOf = async ({ auditId, jobId }: { auditId: AuditId; jobId: JobId }) => {
    const audit = await audits.get(auditId);
    if (!audit.jobs.get(jobId)) fail("run/unknown", { run: jobId });
    return audit;
  };
  return {
    describeModel: route.describeModel.handler(
      async ({ input: { auditId, modelId } }) =>
        (await audits.get(auditId)).store.model(modelId).description,
    ),
    create: route.create.handler(async ({ input }) => {
      const audit = await audits.get(input.auditId);
      const others = await sourcesOf(places, input.others);
      const { job, existing } = await startRun(audit, engines.maps, { ...input, others });
      return { jobId: job?.id ?? null, existing };
    }),
    labels: route.labels.handler(async ({ input: { auditId, out, ...wish } }) => {
      const audit = await audits.get(auditId);
      const folder = await places.resolve(out);
      return { jobId: (await startLabels(audit, engines.maps, { ...wish, out: folder })).id };
    }),
    jobs: route.jobs.handler(async ({ input }) => [
      ...(await audits.get(input.auditId)).jobs.list(),
    ]),
    watch: route.watch.handler(async function* ({ input, signal }) {
      const { jobs } = await audits.get(input.auditId);
      for await (const list of jobs.watch(signal)) yield [...list];
    }),
    pause: route.pause.handler(async ({ input }) => (await jobOf(input)).jobs.pause(input.jobId)),
    resume: route.resume.handler(async ({ input }) => {
      const audit = await jobOf(input);
      if (audit.jobs.get(input.jobId)?.kind === "run") audit.store.mustBeOpen(); // its maps would be counted
      const job = audit.jobs.resume(input.jobId);
      const isOver =
        job.state === "cancelled" || job.state === "failed" || job.state === "done-faults";
      if (!isOver || !job.run) return job;
      if (job.kind === "sheet")
        return startSheet(audit, engines.maps, { ...usualSheet, run: job.run }).job ?? job;
      return job.kind === "run" ? resumeRun(audit, engines.maps, job.run) : job;
    }),
    cancel: route.cancel.handler(async ({ input }) =>
      (await jobOf(input)).jobs.cancel(input.jobId),
    ),
    failures: route.failures.handler(async ({ input: { auditId, run } }) => {
      const { store } = await audits.get(auditId);
      return store.failures(run).map(({ item, error }) => {
        const { path, frame } = store.item(item);
        return { item, name: pictureName(path, frame), error };
      });
    }),
  };
}
