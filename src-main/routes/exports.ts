import { implement } from "@orpc/server";
import { exports as contract, writtenExportSchema } from "../../shared/contract/exports.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { formatLosses } from "../jobs/exports/format-losses.ts";
import { startExport } from "../jobs/exports/start-export.ts";
import type { Deps } from "./deps.ts";
import { answerIdentity } from "../jobs/exports/answer-identity.ts";
import { readerOf } from "./rights.ts";
import type { CallContext } from "./sessions.ts";

const afterSchema = writtenExportSchema.pick({ items: true, formats: true });

/** Writing an audit for other programs. Who reads blind exports nothing: the files hold what others said. */
export function exportRoutes({
  audits,
  engines,
  library,
  places,
  sights,
}: Pick<Deps, "audits" | "engines" | "library" | "places" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  return {
    formats: route.formats.handler(
      async ({ input: { auditId, items, keepNames }, context: { caller } }) => {
        const { store } = await audits.get(auditId);
        sights.mustSeeAll(store, caller);
        return formatLosses(store, items, keepNames);
      },
    ),
    start: route.start.handler(
      async ({ input: { auditId, out, identity, ...wish }, context: { caller } }) => {
        const audit = await audits.get(auditId);
        sights.mustSeeAll(audit.store, caller);
        const reader = readerOf(library, caller);
        audit.store.mustBeWritable();
        if (reader) audit.store.addReader(reader);
        const folder = await places.resolve(out);
        const readerId = reader?.id ?? null;
        if (identity) {
          if (!readerId) fail("identity/nobody", {});
          answerIdentity(audit.store, wish.items, identity, readerId);
        }
        return { jobId: startExport(audit, engines, { ...wish, out: folder, readerId }).id };
      },
    ),
    list: route.list.handler(async ({ input: { auditId } }) => {
      const { store } = await audits.get(auditId);
      return [...store.allRecord()]
        .flatMap(({ no, at, action, after }) => {
          const found = action === "export.write" ? afterSchema.strip().safeParse(after) : null;
          return found?.success ? [{ recordNo: no, at, ...found.data }] : [];
        })
        .toReversed();
    }),
  };
}
