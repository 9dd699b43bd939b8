import type { Overrides } from "../../shared/contract/intake.ts";
import type { OtherSource } from "../../shared/domain/other-model.ts";
import type { Deps } from "./deps.ts";

/** Further models by path, as the engine opens them. */
export function sourcesOf(
  places: Deps["places"],
  others: Overrides["others"] = [],
): Promise<OtherSource[]> {
  return Promise.all(
    others.map(async ({ model, output }) => ({ path: await places.resolve(model), output })),
  );
}
