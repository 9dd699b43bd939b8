import { oc } from "@orpc/contract";
import { z } from "zod";
import type { Consensus, Meeting } from "../domain/meeting.ts";
import type { Certainty, Reason, Verdict } from "../domain/review.ts";
import type { ItemNo, ReaderId } from "../domain/ids.ts";
import { auditIdSchema, itemNoSchema } from "./schemas.ts";

const inAudit = z.strictObject({ auditId: auditIdSchema });
const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** What one reader said of an item before the meeting. */
export interface Said {
  readonly readerId: ReaderId;
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly certainty: Certainty | null;
  readonly comment: string;
}

/** What a room looks at together, and what it agreed on; it changes by commands (`audits.apply`). */
export const meetings = {
  /** Meetings that were held, oldest first, and the items marked for discussion. */
  list: oc.input(inAudit).output(
    z.custom<{
      readonly meetings: readonly Meeting[];
      readonly discussed: readonly ItemNo[];
    }>(isObject),
  ),
  /** What meetings agreed on about an item, newest first, and what readers said of it on their own. */
  item: oc.input(inAudit.extend({ item: itemNoSchema })).output(
    z.custom<{
      readonly consensus: readonly Consensus[];
      readonly said: readonly Said[];
    }>(isObject),
  ),
};
