import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { breakable, muted } from "../names.ts";

/** 12: what is to be done about each finding and by whom, and what the authors add. */
export function actionsSection({ data }: DocumentContext): Section {
  const { findings, audit } = data;
  const nameOf = (id: string | null) => audit.readers.find((one) => one.id === id)?.name;
  const added = audit.texts.actions.trim();
  const blocks: Block[] =
    findings.length === 0
      ? [{ kind: "paragraph", text: message("document.actions.none") }]
      : [
          {
            kind: "table",
            columns: [
              { head: message("document.actions.finding"), align: "left", width: 4 },
              { head: message("document.findings.fact.recommendation"), align: "left", width: 5 },
              { head: message("document.findings.fact.owner"), align: "left", width: 3 },
              { head: message("document.findings.fact.state"), align: "left", width: 2 },
            ],
            rows: findings.map(({ finding }, i) => {
              const asked = finding.recommendations
                .map((one) => message(`findings.recommendation.${one}`))
                .join(", ");
              const owner = nameOf(finding.owner);
              const title = breakable(finding.title || message("findings.untitled"));
              return [
                message("document.findings.name", { no: i + 1, title }),
                asked || muted(message("document.actions.not-said")),
                owner ? breakable(owner) : muted(message("findings.owner.none")),
                message(`findings.state.${finding.state}`),
              ];
            }),
          },
        ];
  if (added)
    blocks.push(
      { kind: "heading", text: message("document.limits.added") },
      { kind: "paragraph", text: breakable(added) },
    );
  return { id: "12", title: message("document.actions.title"), flow: "on", blocks };
}
