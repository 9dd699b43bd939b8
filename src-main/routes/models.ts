import { implement } from "@orpc/server";
import { models as contract } from "../../shared/contract/models.ts";
import { exportGraph } from "../jobs/export-graph.ts";
import { explainImages } from "../jobs/explain-images.ts";
import { sourcesOf } from "./other-models.ts";
import type { Deps } from "./deps.ts";

/** One model outside any audit. */
export function modelRoutes({ engines, places }: Pick<Deps, "engines" | "places">) {
  const route = implement(contract);
  return {
    inspect: route.inspect.handler(async ({ input }) =>
      engines.maps.call("inspect", {
        modelPath: await places.resolve(input.model),
        preparation: null,
      }),
    ),
    crossCheck: route.crossCheck.handler(async ({ input, signal }) =>
      engines.maps.call(
        "crossCheck",
        {
          modelPath: await places.resolve(input.model),
          tap: input.tap,
          images: await Promise.all(input.images.map((place) => places.resolve(place))),
          size: null,
        },
        signal,
      ),
    ),
    exportGraph: route.exportGraph.handler(async ({ input, signal }) =>
      exportGraph(
        {
          ...input,
          model: await places.resolve(input.model),
          out: await places.resolve(input.out),
        },
        engines.maps,
        signal,
      ),
    ),
    explain: route.explain.handler(async function* ({ input, signal }) {
      const { overrides } = input;
      yield* explainImages(
        {
          images: await Promise.all(input.images.map((place) => places.resolve(place))),
          labels: input.labels,
          targets: input.targets,
          model: await places.resolve(input.model),
          classes: input.classes && (await places.resolve(input.classes)),
          into: await places.resolve(input.into),
          overrides: {
            ...overrides,
            others: await sourcesOf(places, overrides.others),
            preparationPath:
              overrides.preparationFile && (await places.resolve(overrides.preparationFile)),
          },
        },
        engines,
        signal,
      );
    }),
  };
}
