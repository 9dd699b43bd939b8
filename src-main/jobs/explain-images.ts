import { writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { Overrides } from "../../shared/contract/intake.ts";
import type { Explained } from "../../shared/contract/models.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { OtherSource } from "../../shared/domain/other-model.ts";
import { pictureFile, pictureName } from "../../shared/domain/picture-path.ts";
import { AppError, fail, toErrorJson } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { findClasses } from "../datasets/classes.ts";
import type { EngineItem, ItemResult } from "../engine/protocol.ts";
import type { Engines } from "./create-audit.ts";
import { predicted } from "./preview.ts";
import { provePreparation, wishOf } from "./prove-preparation.ts";
import { readPreparation } from "./read-preparation.ts";

export interface ExplainRequest {
  readonly images: readonly string[];
  /** Class name or index per image; null: none known. */
  readonly labels: readonly (string | null)[] | null;
  readonly model: string;
  readonly classes: string | null;
  /** Several classes, each with files of its own; empty: the overrides' target. */
  readonly targets: readonly number[];
  /** An existing folder. */
  readonly into: string;
  readonly overrides: Omit<Overrides, "others"> & {
    readonly preparationPath: string | null;
    readonly others: readonly OtherSource[];
  };
}

/** Without labelled images there is nothing to hold the class names against. */
const unasked = { names: [], source: "", isGuess: false } as const;
const overlaySize = 1024;
const view = { colours: "viridis", opacity: 0.45, threshold: 0.35 } as const;

/** Maps of a handful of images outside any audit: `<image>.npy`, raw and signed, and `<image>.png` with a legend. */
export async function* explainImages(
  request: ExplainRequest,
  { maps: engine, images: drawing }: Engines,
  signal: AbortSignal | undefined,
): AsyncGenerator<Explained> {
  const { overrides, model: modelPath } = request;
  if (overrides.method !== null && methods[overrides.method].isFitted)
    fail("method/needs-labels", { method: methods[overrides.method].label });
  const description = await engine.call("inspect", { modelPath, preparation: null });
  const { names } = await findClasses({
    file: request.classes,
    model: modelPath,
    modelClasses: description.classNames,
    outputs: description.output.classes,
    labels: [],
    declared: null,
  });
  const { preparation } = await provePreparation(
    engine,
    { path: modelPath, description },
    [],
    unasked,
    {
      ...wishOf(overrides, description),
      whole: await readPreparation(overrides.preparationPath),
      seed: 1,
    },
  );
  const opened = await engine.call("openRun", {
    modelPath,
    preparation,
    tap: overrides.tap,
    method: overrides.method,
    secondMethod: null,
    target: overrides.target ?? { kind: "predicted" },
    seed: overrides.seed ?? 1,
    fusion: overrides.fusion ?? null,
    others: overrides.others,
  });
  const stems = new Map<string, number>();
  try {
    for (const [no, path] of request.images.entries()) {
      const label = labelIndex(request.labels?.[no] ?? null, names);
      const item: EngineItem = { no, path, label, evidence: null, isSampled: false };
      const stem = stemFor(path);
      for (const { result, suffix } of await mapsOf(item))
        yield await write(path, `${stem}${suffix}`, result);
    }
  } finally {
    await engine.callOnce("closeRun", { handle: opened.handle }).catch(() => null); // gone with its process
  }

  /** The map of the target; of several classes one each, told apart by their index. */
  async function mapsOf(item: EngineItem): Promise<{ result: ItemResult; suffix: string }[]> {
    const { handle } = opened;
    const { targets } = request;
    if (targets.length === 0) {
      const asked = { handle, items: [item], batch: 1, ahead: [] };
      const [result] = await engine.callOnce("maps", asked, signal);
      return [{ result, suffix: "" }];
    }
    const asked = { handle, item, classes: targets };
    const { item: read, maps } = await engine.callOnce("classMaps", asked, signal);
    if (maps.length === 0) return [{ result: read, suffix: "" }];
    const [, height, width] = opened.tap.grid;
    return maps.map(({ map, flags }, row) => {
      const target = targets[row];
      const result: ItemResult = { ...read, target, map, flags, mapDims: map && [height, width] };
      return { result, suffix: `.${target}` };
    });
  }

  /** `dog.grad-cam`; of two pictures named alike the second is `dog-2.grad-cam`. Never the name of a picture. */
  function stemFor(path: string): string {
    const stem = basename(path, extname(path));
    const count = (stems.get(stem) ?? 0) + 1;
    stems.set(stem, count);
    return `${count === 1 ? stem : `${stem}-${count}`}.${opened.method}`;
  }

  async function write(path: string, stem: string, result: ItemResult): Promise<Explained> {
    const nameOf = (index: number | null) =>
      index === null ? "" : (names[index] ?? String(index));
    const answer = result.logits ? predicted(result.logits) : null;
    const base = {
      image: pictureName(basename(pictureFile(path).file), pictureFile(path).frame),
      method: opened.method,
      tap: opened.tap.name,
      predicted: nameOf(answer?.best ?? null),
      confidence: answer?.probability ?? 0,
      target: nameOf(result.target),
      flags: [...result.flags],
    };
    const { map, mapDims, seen } = result;
    if (result.error || !map || !mapDims || !seen) {
      const why = result.flags.map((flag) => message(`jobs.flag.${flag}`)).join(", ");
      const none = new AppError("run/no-map", { file: basename(path), why }).toJSON();
      return { ...base, map: null, overlay: null, error: result.error ?? none };
    }
    try {
      const [height, width] = mapDims;
      const files = { map: `${stem}.npy`, overlay: `${stem}.png` };
      const { bytes: npy } = await drawing.call("npy", { dims: mapDims, values: map });
      await writeFile(join(request.into, files.map), npy);
      const title = message("jobs.explain.title", {
        method: methods[opened.method].label,
        target: base.target,
      });
      const range = { min: 0, max: map.reduce((most, value) => Math.max(most, value), 0) };
      const isGaussian = methods[opened.method].enlargement === "gaussian";
      const field = isGaussian ? (opened.tap.receptiveField ?? null) : null;
      const drawn = { values: map, height, width, seen, field };
      const { bytes } = await drawing.call("overlay", {
        path,
        size: overlaySize,
        map: drawn,
        view: { ...view, ...range },
        title,
      });
      await writeFile(join(request.into, files.overlay), bytes);
      return { ...base, ...files, error: null };
    } catch (cause) {
      return { ...base, map: null, overlay: null, error: toErrorJson(cause) };
    }
  }
}

function labelIndex(label: string | null, names: readonly string[]): number | null {
  if (label === null) return null;
  const index = names.indexOf(label);
  if (index >= 0) return index;
  return /^\d+$/.test(label) && Number(label) < names.length
    ? Number(label)
    : fail("run/no-such-label", { label });
}
