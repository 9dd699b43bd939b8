import { implement } from "@orpc/server";
import { verify as contract } from "../../shared/contract/verify.ts";
import { knownKeys, verifyFolder } from "../jobs/verify-folder.ts";
import type { Deps } from "./deps.ts";
import type { CallContext } from "./sessions.ts";

/** Verifying any folder, without opening it for work. */
export function verifyRoutes({ keys, library, places }: Pick<Deps, "keys" | "library" | "places">) {
  const route = implement(contract).$context<CallContext>();
  return {
    folder: route.folder.handler(async function* ({ input }) {
      yield* verifyFolder(await places.resolve(input.place), await knownKeys(keys, library));
    }),
  };
}
