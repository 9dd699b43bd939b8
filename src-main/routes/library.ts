import { implement } from "@orpc/server";
import { library as contract } from "../../shared/contract/library.ts";
import type { Deps } from "./deps.ts";

/** The audits known on this computer, and who is working. */
export function libraryRoutes(deps: Pick<Deps, "library" | "audits" | "places" | "startAudit">) {
  const { library, audits, places } = deps;
  const route = implement(contract);
  return {
    me: route.me.handler(() => library.me()),
    setMe: route.setMe.handler(({ input }) => {
      const me = library.setMe(input);
      for (const { store } of audits.list()) if (!store.isReadOnly) store.addReader(me);
      return me;
    }),
    list: route.list.handler(() => library.list()),
    open: route.open.handler(async ({ input }) => {
      const { store } = await audits.open(await places.resolve(input.place));
      return { auditId: store.facts.id };
    }),
    forget: route.forget.handler(({ input }) => {
      library.forget(input.auditId);
      return {};
    }),
    startAudit: route.startAudit.handler(() => deps.startAudit()),
  };
}
