import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { breakable } from "../names.ts";
import { isUnreliable, reliabilityWords, sheetOf } from "../reliability.ts";

/** 11: what the report cannot say. */
export function limitsSection({ data }: DocumentContext): Section {
  const { audit, run } = data;
  const fixed = [message("document.limits.heat"), message("document.limits.suspicion")];
  if (run) {
    const [, height, width] = run.tap.grid;
    fixed.push(message("document.limits.cells", { a: width, b: height }));
  } else fixed.push(message("document.limits.cells.unknown"));
  fixed.push(message("document.limits.predicted"));
  if (isUnreliable(data)) fixed.push(reliabilityWords(data));
  const untested = [
    ...(sheetOf(data) ? [] : [message("document.limits.not.randomisation")]),
    message("document.limits.not.data"),
    ...(data.tests.length > 0 ? [] : [message("document.limits.not.covering")]),
    ...(data.rates.agreement ? [] : [message("document.limits.not.readers")]),
    message("document.limits.not.check"),
    ...(run && !run.secondMethod ? [message("document.limits.not.second")] : []),
    message("document.limits.not.identity"),
  ];
  const blocks: Block[] = [
    ...fixed.map((text): Block => ({ kind: "paragraph", text })),
    { kind: "heading", text: message("document.limits.not-tested") },
    { kind: "list", items: untested },
  ];
  const added = audit.texts.limits.trim();
  if (added)
    blocks.push(
      { kind: "heading", text: message("document.limits.added") },
      { kind: "paragraph", text: breakable(added) },
    );
  return {
    id: "11",
    title: message("document.limits.title"),
    flow: added ? "on" : "whole",
    blocks,
  };
}
