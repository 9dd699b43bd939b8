import { describe, expect, it } from "vitest";
import type { AuditId } from "../../../shared/domain/ids.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";

describe("addresses of the window", () => {
  it("reads back every place it writes", () => {
    const places: Route[] = [
      { kind: "library" },
      { kind: "new" },
      { kind: "settings", page: "people", auditId: null },
      { kind: "settings", page: "people", auditId: "a/ü 1" as AuditId },
      { kind: "audit", auditId: "a/ü 1" as AuditId, screen: "runs", query: {} },
      {
        kind: "audit",
        auditId: "7f3c" as AuditId,
        screen: "review",
        query: { queue: "q&1", item: "12" },
      },
    ];
    expect(places.map((place) => parseRoute(formatRoute(place)))).toEqual(places);
  });

  it("opens an audit on its Overview when the screen is missing or unknown", () => {
    for (const hash of ["#/a/x", "#/a/x/", "#/a/x/clusters"])
      expect(parseRoute(hash)).toEqual({
        kind: "audit",
        auditId: "x",
        screen: "overview",
        query: {},
      });
  });

  it("leads anywhere else to the library", () => {
    for (const hash of ["", "#", "#/", "#/a", "#/a/", "#nonsense", "#token=abc"])
      expect(parseRoute(hash)).toEqual({ kind: "library" });
  });
});
