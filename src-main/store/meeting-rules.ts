import type { CommandBody } from "../../shared/domain/command.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import { Meetings } from "./meetings.ts";

/** Refuses a verdict of a meeting that was not begun, and more dissent than people. */
export function mustBeAMeeting(connection: Connection, body: CommandBody): void {
  if (!("meeting" in body)) return;
  const found = new Meetings(connection).all().find(({ id }) => id === body.meeting);
  if (body.kind === "meeting.start") {
    if (found) fail("meeting/exists", { meeting: body.meeting });
    return;
  }
  if (!found) return void fail("meeting/unknown", { meeting: body.meeting });
  if (body.kind !== "meeting.verdict") return;
  const present = found.present.length;
  if (body.dissent >= present) fail("meeting/dissent", { dissent: body.dissent, present });
}
