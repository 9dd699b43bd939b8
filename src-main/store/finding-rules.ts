import type { CommandBody } from "../../shared/domain/command.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import { Findings } from "./findings.ts";

/** Refuses what cannot be done to a finding: one that is not there, or accepting one that nothing bears out. */
export function mustBeAFinding(connection: Connection, body: CommandBody): void {
  if (!("finding" in body)) return;
  const found = new Findings(connection).byId(body.finding);
  if (body.kind === "finding.create") {
    if (found) fail("finding/exists", { finding: body.finding });
    return;
  }
  if (!found) return void fail("finding/unknown", { finding: body.finding });
  const { title, state } = found;
  const items = new Set(found.items);
  let { tests } = found;
  if (body.kind === "finding.removeItems") for (const item of body.items) items.delete(item);
  if (body.kind === "finding.change") tests = body.changes.tests ?? tests;
  const next = body.kind === "finding.state" ? body.state : state;
  if (next !== "accepted" || items.size + tests.length > 0) return;
  if (state === "accepted") fail("finding/accepted", { title });
  fail("finding/no-evidence", { title });
}
