import { implement } from "@orpc/server";
import { record as contract, type RecordRow } from "../../shared/contract/record.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { actionName, entryWords } from "../../shared/messages/record-words.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import type { Deps } from "./deps.ts";
import type { CallContext } from "./sessions.ts";

/** The record, entry by entry, as far as the caller may see it. */
export function recordRoutes({ audits, sights }: Pick<Deps, "audits" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  const seen = async (auditId: Parameters<typeof audits.get>[0], { caller }: CallContext) =>
    sights.of((await audits.get(auditId)).store, caller);
  return {
    facets: route.facets.handler(async ({ input, context }) => {
      const store = await seen(input.auditId, context);
      return {
        actions: store.recordActions().map((id) => ({ id, words: actionName(id) })),
        people: store.readers().map(({ id, name }) => ({ id, name })),
      };
    }),
    page: route.page.handler(async ({ input: { auditId, filter, offset, limit }, context }) => {
      const store = await seen(auditId, context);
      const { person, ...rest } = filter;
      const found = store.findEntries({ reader: person, ...rest }, { offset, limit });
      const names = namesIn(store);
      return { total: found.total, rows: found.entries.map((entry) => rowOf(entry, names)) };
    }),
    entry: route.entry.handler(async ({ input: { auditId, no }, context }) => {
      const store = await seen(auditId, context);
      const entry = store.entry(no);
      if (!entry) return null;
      const { commandId, prevHash, hash } = entry;
      const [before, after] = [entry.before, entry.after].map((value) =>
        value === null ? "" : JSON.stringify(value, null, 2),
      );
      return { row: rowOf(entry, namesIn(store)), before, after, commandId, prevHash, hash };
    }),
    noteExport: route.noteExport.handler(
      async ({ input: { auditId, commandId, readerId }, context: { caller } }) => {
        if (caller.kind === "reader" && caller.readerId !== readerId)
          fail("people/other-reader", {});
        const { store } = await audits.get(auditId);
        sights.mustSeeAll(store, caller);
        if (store.isReadOnly || store.entryOf(commandId)) return {};
        const after = { what: "record.csv", entries: store.recordTip().no };
        const object = "export/record.csv";
        store.note({ readerId, action: "export.write", object, before: null, after });
        return {};
      },
    ),
  };
}

function namesIn(store: AuditReader): ReadonlyMap<string, string> {
  return new Map<string, string>(store.readers().map(({ id, name }) => [id, name]));
}

function rowOf(entry: RecordEntry, names: ReadonlyMap<string, string>): RecordRow {
  const { no, at, readerId } = entry;
  const nameOf = (kind: "reader" | "item", id: string) =>
    kind === "reader" ? (names.get(id) ?? null) : null;
  const who = readerId === null ? message("record.byAudit") : (names.get(readerId) ?? readerId);
  return { no, at, who, ...entryWords(entry, nameOf), opens: placeOf(entry) };
}

/** Where the object of an entry is to be seen. */
function placeOf({ object, before, after }: RecordEntry): RecordRow["opens"] {
  const [kind = "", ...rest] = object.split("/");
  const id = rest.join("/");
  switch (kind) {
    case "item":
      return { screen: "review", query: { item: id } };
    case "items":
    case "region": {
      const item = itemIn(after) ?? itemIn(Object.values((before ?? {}) as object)[0]); // cells of the entry
      return item === null ? null : { screen: "review", query: { item } };
    }
    case "queue":
      return { screen: "review", query: { queue: id } };
    case "run":
      return { screen: "runs", query: {} };
    case "report":
    case "revision":
    case "text":
      return { screen: "report", query: {} };
    default:
      return null;
  }
}

function itemIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const { item, items } = value as { item?: unknown; items?: unknown }; // looked at field by field
  if (typeof item === "number") return String(item);
  return Array.isArray(items) && typeof items[0] === "number" ? String(items[0]) : null;
}
