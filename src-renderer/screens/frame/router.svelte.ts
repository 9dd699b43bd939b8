import type { AuditId } from "../../../shared/domain/ids.ts";
import { formatRoute, parseRoute, type AuditScreen, type Route } from "./route.ts";

/** Where the window is: follows the address behind `#`, so that back, forward and a reload work as in any page. */
export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    $effect(() => {
      const follow = () => (this.route = parseRoute(location.hash));
      addEventListener("hashchange", follow);
      return () => removeEventListener("hashchange", follow);
    });
  }

  /** Goes there; the place left behind stays in the history. */
  go(route: Route): void {
    location.hash = formatRoute(route);
    this.route = route;
  }

  /** A screen of an audit. */
  show(auditId: AuditId, screen: AuditScreen, query: Record<string, string> = {}): void {
    this.go({ kind: "audit", auditId, screen, query });
  }

  /** Changes the screen's own part of the address without a step in the history; "" removes a key. */
  replaceQuery(changes: Readonly<Record<string, string>>): void {
    if (this.route.kind !== "audit") return;
    const merged = Object.entries({ ...this.route.query, ...changes }).filter(([, v]) => v !== "");
    this.route = { ...this.route, query: Object.fromEntries(merged) };
    history.replaceState(history.state, "", formatRoute(this.route));
  }
}
