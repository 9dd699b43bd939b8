import type { AuditId } from "../../../shared/domain/ids.ts";

export const auditScreens = [
  "overview",
  "plan",
  "grid",
  "review",
  "compare",
  "runs",
  "findings",
  "meeting",
  "report",
  "record",
] as const;
export type AuditScreen = (typeof auditScreens)[number];

/** A place in the window, as the address behind `#` says it; `query` is the screen's own (item, queue, filter …). */
export type Route =
  | { readonly kind: "library" }
  | { readonly kind: "new" }
  /** `auditId`: the audit it was opened from. */
  | { readonly kind: "settings"; readonly page: string; readonly auditId: AuditId | null }
  | {
      readonly kind: "audit";
      readonly auditId: AuditId;
      readonly screen: AuditScreen;
      readonly query: Readonly<Record<string, string>>;
    };

/** The place that an address names; what is unknown leads to the library, an audit without screen to its Overview. */
export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#/, "").split("?", 2);
  const [, first, second, third] = path.split("/");
  if (first === "new") return { kind: "new" };
  if (first === "settings") {
    const from = new URLSearchParams(search).get("audit") as AuditId | null; // sound: as below
    return { kind: "settings", page: second || "people", auditId: from };
  }
  if (first !== "a" || !second) return { kind: "library" };
  return {
    kind: "audit",
    auditId: decodeURIComponent(second) as AuditId, // sound: the store answers "not found" for any other
    screen: auditScreens.find((screen) => screen === third) ?? "overview",
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

/** The address of a place; `parseRoute` reads it back. */
export function formatRoute(route: Route): string {
  if (route.kind === "settings") {
    const from = route.auditId === null ? "" : `?audit=${encodeURIComponent(route.auditId)}`;
    return `#/settings/${route.page}${from}`;
  }
  if (route.kind !== "audit") return `#/${route.kind}`;
  const search = new URLSearchParams(route.query).toString();
  return `#/a/${encodeURIComponent(route.auditId)}/${route.screen}${search ? `?${search}` : ""}`;
}
