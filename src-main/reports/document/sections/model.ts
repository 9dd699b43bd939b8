import type { Model } from "../../../../shared/contract/audits.ts";
import type { TapDescription } from "../../../../shared/domain/model.ts";
import { formatWords } from "../../../../shared/domain/model-format.ts";
import { windowWords } from "../../../../shared/messages/window-words.ts";
import type { Preparation } from "../../../../shared/domain/preparation.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Fact, Section } from "../document.ts";
import { breakable, hash } from "../names.ts";
import { rateOf } from "../numbers.ts";

/** 5: the file that was audited and how pictures were prepared for it. */
export function modelSection({ data }: DocumentContext): Section {
  const { audit, run, model } = data;
  const used = audit.models.find(({ id }) => id === run?.modelId) ?? audit.models[0];
  if (!used)
    return {
      id: "5",
      title: message("document.model.title"),
      flow: "on",
      blocks: [{ kind: "paragraph", text: message("document.model.none") }],
    };
  const rows: Fact[] = [
    [message("document.model.file"), breakable(used.fileName)],
    [message("document.settings.model"), hash(used.sha256)],
  ];
  if (model) {
    const { input, output } = model;
    const stripped = output.stripped === "none" ? "" : (`.${output.stripped}` as const);
    rows.push(
      [
        message("document.model.format"),
        formatWords({ ...model, producer: breakable(model.producer) }),
      ],
      [
        message("document.model.input"),
        message("document.model.input.value", {
          name: breakable(input.name),
          dims: input.dims.join(" × "),
          type: input.elementType,
          layout: input.layout,
        }),
      ],
      [
        message("document.model.output"),
        message(`document.model.output${stripped || ".value"}`, {
          name: breakable(output.name),
          n: output.classes,
        }),
      ],
      [message("document.model.head"), message(`document.model.head.${model.head}`)],
    );
  }
  if (run)
    rows.push(
      [message("document.settings.device"), run.device],
      [message("document.model.tap"), tapWords(run.tap)],
    );
  rows.push(
    [message("document.model.preparation"), preparationWords(used.preparation)],
    [message("document.model.values"), valueWords(used.preparation)],
    ...windowRow(used.preparation, data.audit.medical),
    [message("document.model.proof"), proofWords(used)],
    [message("document.model.classes"), classWords(used.classNames)],
  );
  const others = audit.models.filter(({ id }) => id !== used.id);
  const blocks: Block[] = [{ kind: "facts", rows }];
  if (data.changedModels.length > 0)
    blocks.push({
      kind: "paragraph",
      text: message("document.model.changed", {
        names: data.changedModels.map(breakable).join(", "),
      }),
    });
  if (others.length > 0)
    blocks.push(
      { kind: "heading", text: message("document.model.others") },
      {
        kind: "facts",
        rows: others.map(({ fileName, sha256 }) => [breakable(fileName), hash(sha256)]),
      },
    );
  return { id: "5", title: message("document.model.title"), flow: "on", blocks };
}

export function tapWords({ name, grid: [channels, height, width], reason }: TapDescription) {
  return message("document.model.tap.value", {
    name: breakable(name),
    channels,
    grid: `${width} × ${height}`,
    reason: message(`document.model.tap.${reason}`),
  });
}

/** What becomes black and white: of clinical images always, of others where it was chosen. */
function windowRow(
  { window }: Preparation,
  isClinical: boolean,
): readonly (readonly [string, string])[] {
  if (!window && !isClinical) return [];
  return [[message("document.model.window"), windowWords(window ?? { kind: "stored" })]];
}

function preparationWords(preparation: Preparation): string {
  const { preset, channels, widthPx, heightPx, geometry, resample } = preparation;
  return message("document.model.preparation.value", {
    preset: preset === "custom" ? message("document.model.preset.custom") : preset,
    channels: message(`document.model.channels.${channels}`),
    width: widthPx,
    height: heightPx,
    geometry: message(
      `document.model.geometry.${geometry.kind}`,
      geometry.kind === "crop" ? { resize: geometry.resize } : {},
    ),
    resample: message(`document.model.resample.${resample}`),
  });
}

function valueWords({ scale, mean, std }: Preparation): string {
  const words = (values: readonly number[]) =>
    values.length === 1 ? String(values[0]) : `(${values.join(", ")})`;
  return message("document.model.values.value", {
    scale,
    mean: words(mean),
    std: words(std),
  });
}

function proofWords({ isProven, accuracy }: Model): string {
  if (!accuracy) return message("document.model.proof.none");
  const rate = rateOf({ k: accuracy.right, n: accuracy.n });
  return message(isProven ? "document.model.proof.proven" : "document.model.proof.weak", { rate });
}

const classesShown = 60;

function classWords(names: readonly string[]): string {
  const shown = names.slice(0, classesShown).map((name, i) => `${i} ${breakable(name)}`);
  return names.length > classesShown ? `${shown.join(", ")}, …` : shown.join(", ");
}
