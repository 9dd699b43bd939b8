import type { AuditId } from "../../../shared/domain/ids.ts";
import { preferences } from "../../preferences.svelte.ts";
import { formatRoute, parseRoute, type AuditScreen, type Route } from "./route.ts";

const LEFT = "hansight.left-at";

/** Where the window is: follows the address behind `#`, so that back, forward and a reload work as in any page. */
export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    $effect(() => {
      const follow = () => this.#arrive(parseRoute(location.hash));
      addEventListener("hashchange", follow);
      return () => removeEventListener("hashchange", follow);
    });
  }

  /**
   * Takes up the place that an earlier window left (RX-10). An audit named at the start comes first: on the screen
   * where it was left when it is the same one, else on its Overview.
   */
  resume(startAudit: AuditId | null): void {
    const left = parseRoute(localStorage.getItem(LEFT) ?? "");
    if (startAudit === null && preferences.values.startPage === "library") return;
    const isLeft = left.kind === "audit" && (startAudit === null || left.auditId === startAudit);
    if (isLeft) this.go(left);
    else if (startAudit !== null) this.show(startAudit, "overview");
  }

  /** Goes there; the place left behind stays in the history. */
  go(route: Route): void {
    location.hash = formatRoute(route);
    this.#arrive(route);
  }

  /** A screen of an audit. */
  show(auditId: AuditId, screen: AuditScreen, query: Record<string, string> = {}): void {
    this.go({ kind: "audit", auditId, screen, query });
  }

  /** Changes the screen's own part of the address without a step in the history; "" removes a key. */
  replaceQuery(changes: Readonly<Record<string, string>>): void {
    if (this.route.kind !== "audit") return;
    const merged = Object.entries({ ...this.route.query, ...changes }).filter(([, v]) => v !== "");
    this.#arrive({ ...this.route, query: Object.fromEntries(merged) });
    history.replaceState(history.state, "", formatRoute(this.route));
  }

  #arrive(route: Route): void {
    this.route = route;
    // The second window of a meeting is nobody's place to come back to.
    const isSecond = route.kind === "audit" && route.query["view"] === "picture";
    if (!isSecond) localStorage.setItem(LEFT, formatRoute(route));
  }
}
