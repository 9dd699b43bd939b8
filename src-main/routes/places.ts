import { implement } from "@orpc/server";
import { places as contract } from "../../shared/contract/places.ts";
import type { Deps } from "./deps.ts";

/** Choosing files. */
export function placeRoutes({ places }: Pick<Deps, "places">) {
  const route = implement(contract);
  return {
    list: route.list.handler(async ({ input }) => {
      const { entries, ...place } = await places.list(input.place);
      return { ...place, entries: [...entries] };
    }),
  };
}
