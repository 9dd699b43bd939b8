import { implement } from "@orpc/server";
import { bench as contract } from "../../shared/contract/bench.ts";
import { benchMaps, startBench } from "../jobs/bench-audit.ts";
import { benchFolder } from "../jobs/bench-folder.ts";
import type { Deps } from "./deps.ts";

/** Methods side by side on somebody's own images. */
export function benchRoutes({
  audits,
  benches,
  engines,
  places,
}: Pick<Deps, "audits" | "benches" | "engines" | "places">) {
  const route = implement(contract);
  return {
    folder: route.folder.handler(async function* ({ input, signal }) {
      const { sources, overrides, shortcut, ...asked } = input;
      const [images, model, labels, classes, evidence, marks, preparationPath] = await Promise.all([
        places.resolve(sources.images),
        places.resolve(sources.model),
        sources.labels && places.resolve(sources.labels),
        sources.classes && places.resolve(sources.classes),
        sources.evidence && places.resolve(sources.evidence),
        shortcut && places.resolve(shortcut),
        overrides.preparationFile && places.resolve(overrides.preparationFile),
      ]);
      yield* benchFolder(
        {
          ...asked,
          sources: { images, model, labels, classes, evidence },
          overrides: { ...overrides, preparationPath },
          shortcut: marks,
        },
        engines,
        { held: benches.open(null, "bench"), signal },
      );
    }),
    create: route.create.handler(async ({ input: { auditId, shortcut, ...asked } }) =>
      startBench(
        await audits.get(auditId),
        { ...asked, shortcut: shortcut && (await places.resolve(shortcut)) },
        { engines, benches },
      ),
    ),
    watch: route.watch.handler(async function* ({ input: { auditId, bench }, signal }) {
      yield* benches.get(bench, auditId).watch(signal);
    }),
    list: route.list.handler(async ({ input: { auditId } }) => [...benches.of(auditId)]),
    maps: route.maps.handler(async ({ input: { auditId, ...asked }, signal }) => {
      const audit = await audits.get(auditId);
      const { rawP99, ...made } = await benchMaps(audit, asked, {
        engines,
        held: benches.open(auditId, "maps"),
        signal,
      });
      return { ...made, rawP99: [...rawP99] };
    }),
  };
}
