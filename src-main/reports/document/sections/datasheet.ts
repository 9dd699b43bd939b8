import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Fact, Section } from "../document.ts";
import { breakable, muted, stated } from "../names.ts";
import { whole } from "../numbers.ts";

/** C: the dataset on one page, after Gebru et al. 2021; what the audit does not know is said to be unknown. */
export function datasheetSection({ data }: DocumentContext): Section {
  const { audit, items } = data;
  const unknown = muted(message("document.card.unknown"));
  const groups = new Set(items.flatMap(({ group }) => group ?? [])).size;
  const splits = new Set(items.flatMap(({ split }) => split ?? [])).size;
  const columns = [...new Set(items.flatMap(({ facets }) => Object.keys(facets)))];
  const rows: Fact[] = [
    [message("document.datasheet.motivation"), stated(audit.texts.purpose)],
    [
      message("document.datasheet.composition"),
      message("document.datasheet.composition.value", {
        n: whole(items.length),
        classes: audit.classes.length,
        groups: groups > 0 ? whole(groups) : message("document.dataset.none"),
        splits: splits > 0 ? whole(splits) : message("document.dataset.none"),
      }),
    ],
    [
      message("document.datasheet.labels"),
      message("document.datasheet.labels.value", {
        n: whole(items.filter(({ label }) => label !== null).length),
        evidence: whole(items.filter(({ hasEvidence }) => hasEvidence).length),
      }),
    ],
    [
      message("document.dataset.columns"),
      columns.length > 0 ? columns.map(breakable).join(", ") : message("document.dataset.none"),
    ],
    [message("document.datasheet.read"), audit.notes.map(breakable).join(" ") || unknown],
    [message("document.datasheet.collection"), unknown],
    [message("document.datasheet.consent"), unknown],
    [
      message("document.datasheet.identity"),
      message(
        audit.medical ? "document.datasheet.identity.medical" : "document.datasheet.identity.other",
      ),
    ],
    [message("document.datasheet.uses"), stated(audit.texts["intended-use"])],
    [message("document.datasheet.distribution"), message("document.datasheet.distribution.value")],
    [message("document.datasheet.maintenance"), unknown],
  ];
  return {
    id: "C",
    title: message("document.datasheet.title"),
    flow: "whole",
    blocks: [
      { kind: "facts", rows },
      { kind: "note", text: message("document.card.note") },
    ],
  };
}
