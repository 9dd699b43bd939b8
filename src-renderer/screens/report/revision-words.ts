import type { RevisionSummary } from "../../../shared/contract/audits.ts";
import type { RevisionRow } from "../../../shared/contract/revisions.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/** "Revision 1, draft", "Revision 1, signed 1 of 2". */
export function revisionWords({ no, state, signed, signers }: RevisionSummary): string {
  if (state === "signed" && signed < signers)
    return message("revision.state.signed-part", { no, k: signed, n: signers });
  return message(`revision.state.${state}`, { no });
}

/** How a revision's tag looks. */
export function revisionTone({
  state,
}: Pick<RevisionSummary, "state">): "accent" | "warn" | "ok" | "plain" {
  switch (state) {
    case "draft":
      return "accent";
    case "building":
    case "ready":
      return "warn";
    case "signed":
      return "ok";
    case "superseded":
      return "plain";
  }
}

/** A role as the record has it, in words; one of a later Hansight as it is. */
export function roleWords(role: string): string {
  return role === "lead" || role === "reviewer" || role === "viewer"
    ? message(`revision.role.${role}`)
    : role;
}

export function summaryOf({ no, state, signers }: RevisionRow): RevisionSummary {
  const signed = signers.filter((one) => one.signed !== null).length;
  return { no, state, signed, signers: signers.length };
}
