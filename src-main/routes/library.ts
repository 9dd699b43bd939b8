import { implement } from "@orpc/server";
import { library as contract, type Reader } from "../../shared/contract/library.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Deps } from "./deps.ts";
import { readerOf } from "./rights.ts";
import type { CallContext } from "./sessions.ts";

/** The audits known on this computer, and who is working. */
export function libraryRoutes(deps: Pick<Deps, "library" | "audits" | "places" | "startAudit">) {
  const { library, audits, places } = deps;
  const route = implement(contract).$context<CallContext>();
  return {
    me: route.me.handler(() => {
      const me = library.me();
      return me && shown(me);
    }),
    setMe: route.setMe.handler(({ input, context: { caller } }) => {
      if (caller.kind !== "host") fail("people/signed-out", {}); // a window signs somebody in
      const me = library.setMe(input);
      for (const { store } of audits.list()) if (!store.isReadOnly) store.addReader(me);
      return shown(me);
    }),
    list: route.list.handler(() => library.list()),
    open: route.open.handler(async ({ input, context: { caller } }) => {
      const { store } = await audits.open(
        await places.resolve(input.place),
        readerOf(library, caller),
      );
      return { auditId: store.facts.id };
    }),
    forget: route.forget.handler(({ input }) => {
      library.forget(input.auditId);
      return {};
    }),
    startAudit: route.startAudit.handler(() => deps.startAudit()),
  };
}

/** Name and initials alone: role and key are `people`'s to say. */
function shown({ id, name, initials }: Reader): Reader {
  return { id, name, initials };
}
