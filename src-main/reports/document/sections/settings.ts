import { methods } from "../../../../shared/domain/methods.ts";
import { colourMapOf, colourMaps } from "../../../../shared/heatmap/colour-maps.ts";
import { formatRaw } from "../../../../shared/heatmap/legend.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Fact, Section } from "../document.ts";
import { breakable, hash } from "../names.ts";
import { dateOf, whole } from "../numbers.ts";
import { targetWords } from "./methods.ts";

/** E: what is needed to do it again. */
export function settingsSection({ data, faults }: DocumentContext): Section {
  const { audit, run, software } = data;
  const blocks: Block[] = [
    { kind: "heading", text: message("document.settings.software") },
    {
      kind: "facts",
      rows: [
        [message("document.settings.hansight"), software.version],
        [message("document.settings.node"), software.node],
        [message("document.settings.runtime"), software.runtime],
        [message("document.settings.platform"), software.platform],
        [
          message("document.settings.names"),
          message(`document.settings.names.${data.keepNames ? "kept" : "left-out"}`),
        ],
      ],
    },
  ];
  if (run)
    blocks.push(
      { kind: "heading", text: message("document.settings.run") },
      { kind: "facts", rows: runFacts(data, run) },
    );
  if (audit.runs.length > 1)
    blocks.push(
      { kind: "heading", text: message("document.settings.runs") },
      {
        kind: "table",
        columns: [
          { head: message("document.column.run"), align: "right", width: null },
          { head: message("document.column.method"), align: "left", width: 3 },
          { head: message("document.column.layer"), align: "left", width: 5 },
          { head: message("document.column.ok"), align: "right", width: null },
          { head: message("document.column.failed"), align: "right", width: null },
          { head: message("document.column.ended"), align: "left", width: 5 },
        ],
        rows: audit.runs.map((one) => [
          String(one.no),
          methods[one.method].label,
          breakable(one.tap.name),
          whole(one.done),
          whole(one.failed),
          one.endedAt ? dateOf(one.endedAt) : "–",
        ]),
      },
    );
  if (faults.includes("missing-glyphs"))
    blocks.push({ kind: "note", text: message("document.settings.glyphs") });
  return { id: "E", title: message("document.settings.title"), flow: "on", blocks };
}

function runFacts(
  { audit, plateView: view }: DocumentContext["data"],
  run: NonNullable<DocumentContext["data"]["run"]>,
): Fact[] {
  const model = audit.models.find(({ id }) => id === run.modelId);
  const raw = (value: number | null) => (value === null ? "–" : formatRaw(value));
  const time = (value: string | null) => (value === null ? "–" : dateOf(value));
  return [
    [message("document.settings.id"), run.id],
    [message("document.settings.model"), model ? hash(model.sha256) : "–"],
    [message("document.settings.method"), methods[run.method].label],
    [message("document.settings.layer"), breakable(run.tap.name)],
    ...(run.others ?? []).map(({ fileName, sha256, output }): Fact => [
      message("document.settings.other", {
        file: fileName,
        output: output ?? message("document.settings.other.last"),
      }),
      hash(sha256),
    ]),
    [message("document.settings.target"), targetWords(run, audit.classes)],
    [message("document.settings.seed"), String(run.seed)],
    [message("document.settings.started"), time(run.startedAt)],
    [message("document.settings.ended"), time(run.endedAt)],
    [message("document.settings.device"), run.device],
    [message("document.settings.range"), raw(run.rawP99)],
    [message("document.settings.weak"), raw(run.weakBelow)],
    [
      message("document.settings.view"),
      message("document.settings.view.value", {
        colours: colourMaps[colourMapOf(view.colours)].label,
        scaling: message(`heatmap.scaling.${view.scaling}`),
        low: formatRaw(view.low),
        high: formatRaw(view.high),
        opacity: Math.round(100 * view.opacity),
        threshold: Math.round(100 * view.threshold),
      }),
    ],
    [
      message("document.settings.dots"),
      message("document.settings.dots.value", { dots: Math.round((25.4 * view.sizePx) / plateMm) }),
    ],
  ];
}

/** Edge of a plate's picture on paper. */
const plateMm = 53.4;
