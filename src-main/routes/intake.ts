import { implement } from "@orpc/server";
import { intake as contract, type Overrides } from "../../shared/contract/intake.ts";
import type { PlaceId } from "../../shared/domain/ids.ts";
import { createAuditFolder, findOut, type SourcePaths } from "../jobs/create-audit.ts";
import { previewDataset, previewModel } from "../jobs/preview.ts";
import type { Deps } from "./deps.ts";
import { readerOf } from "./rights.ts";
import type { CallContext } from "./sessions.ts";

type SourcePlaces = {
  readonly images: PlaceId;
  readonly labelAttribute?: string | null | undefined;
} & Record<"labels" | "classes" | "evidence" | "model", PlaceId | null>;

/** From files to an audit: preview, then create. */
export function intakeRoutes(deps: Deps) {
  const { audits, engines, library, places, previews, defaultFolder } = deps;
  const route = implement(contract).$context<CallContext>();

  const pathOf = async (place: PlaceId | null) => (place === null ? null : places.resolve(place));
  const pathsOf = async (sources: SourcePlaces): Promise<SourcePaths> => ({
    images: await places.resolve(sources.images),
    labels: await pathOf(sources.labels),
    labelAttribute: sources.labelAttribute ?? null,
    classes: await pathOf(sources.classes),
    evidence: await pathOf(sources.evidence),
    model: await pathOf(sources.model),
  });
  const withPath = async (overrides: Overrides) => ({
    ...overrides,
    preparationPath: await pathOf(overrides.preparationFile),
  });

  return {
    previewDataset: route.previewDataset.handler(async function* ({ input, signal }) {
      const paths = await pathsOf({ ...input, model: null });
      yield* previewDataset(paths, { engines, previews, signal });
    }),
    previewModel: route.previewModel.handler(async ({ input: { sources, overrides } }) =>
      previewModel(await pathsOf(sources), await withPath(overrides), { engines, previews }),
    ),
    create: route.create.handler(async ({ input, context: { caller } }) => {
      const sources = await pathsOf(input.sources);
      const into = (await pathOf(input.into)) ?? defaultFolder;
      const findings = await findOut(sources, await withPath(input.overrides), engines);
      const { name, purpose } = input;
      const { auditId, folder } = await createAuditFolder(
        into,
        { name, purpose, sources },
        findings,
      );
      await audits.open(folder, readerOf(library, caller));
      return { auditId };
    }),
  };
}
