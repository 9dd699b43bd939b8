import { methods as facts } from "../../shared/domain/methods.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { countsOfMask, encodeCounts } from "../../shared/geometry/rle.ts";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import { decodeImage, type DecodedImage } from "./images/decode.ts";
import { palettePng } from "./images/palette-png.ts";
import { inputSize, prepareInto } from "./images/prepare.ts";
import { scaleDecoded } from "./images/scaled.ts";
import { truthMask } from "./images/truth-mask.ts";
import { stackInputs } from "./input-batch.ts";
import { argMax } from "./kernels/scores.ts";
import { MapRun } from "./map-run.ts";
import { openAnyModel } from "./open-any-model.ts";
import { openLayers } from "./open-layers.ts";
import { openOthers } from "./open-others.ts";
import type { EngineItem, LabelItem, LabelOutcome, LabelSpec } from "./protocol.ts";
import { ignoreLabel } from "./segmentation/background.ts";
import { countPairs } from "./segmentation/confusion.ts";
import { fuseViews, seenMask, type View } from "./segmentation/fusion.ts";
import { labelPicture, type SmallPicture } from "./segmentation/label-picture.ts";
import { sweepOf } from "./segmentation/sweep.ts";
import { mirrored, mirroredInput, scaledPreparation, viewScales } from "./segmentation/views.ts";

/** One scale: the run that maps at it, on the model opened for inputs of that size. */
interface Scale {
  readonly run: MapRun;
  readonly isFixed: boolean;
  close(): Promise<void>;
}

/**
 * Pseudo labels of pictures, one at a time: the maps of every class that a picture may show, at each scale that the model takes and
 * mirrored, fused, told from the background, refined. What they cost is views × classes maps a picture.
 */
export class LabelRun {
  readonly #spec: LabelSpec;
  readonly #scales: readonly Scale[];
  /** Scales that are shown, largest part of the answer to "how many views". */
  readonly shown: readonly number[];

  private constructor(spec: LabelSpec, scales: ReadonlyMap<number, Scale>) {
    this.#spec = spec;
    this.#scales = [...scales.values()];
    this.shown = [...scales.keys()];
  }

  /** Opens the model once per scale; a model of fixed size, or one that refuses another, is shown the first alone. */
  static async open(spec: LabelSpec): Promise<LabelRun> {
    const scales = new Map<number, Scale>();
    for (const scale of viewScales) {
      if (scales.get(1)?.isFixed) break;
      const opened = await openScale(spec, scale).catch((cause: unknown) => {
        if (scale === 1) throw cause;
        return null;
      });
      if (opened) scales.set(scale, opened);
    }
    return new LabelRun(spec, scales);
  }

  async label(item: LabelItem): Promise<LabelOutcome> {
    try {
      return await this.#labelled(item);
    } catch (cause) {
      return { ...nothing(item.no), error: toErrorJson(cause) };
    }
  }

  async close(): Promise<void> {
    for (const scale of this.#scales) await scale.close();
  }

  async #labelled(item: LabelItem): Promise<LabelOutcome> {
    const { options } = this.#spec;
    const image = await decodeImage(
      item.path,
      undefined,
      this.#scales[0].run.spec.preparation.window,
    );
    const picture = { width: image.widthPx, height: image.heightPx };
    const classes = await this.#classesOf(item, image);
    const views: View[] = [];
    for (const scale of this.#scales)
      views.push(...(await this.#views(scale, item, image, classes)));
    const maps = fuseViews(views, picture);
    const planes = await labelPicture(
      {
        maps,
        ...picture,
        seen: seenMask(views, picture),
        small: (side) => smallPicture(image, side),
      },
      options,
    );
    const values = [0, ...classes.map((index) => index + 1)];
    const labels = planes.map((label) => (label === ignoreLabel ? label : values[label]));
    const truth = await truthMask(
      {
        evidence: item.evidence,
        labels: item.labels,
        backgroundClasses: options.backgroundClasses,
        outputs: this.#scales[0].run.session.description.output.classes,
      },
      { widthPx: picture.width, heightPx: picture.height, orientation: image.orientation },
    );
    return {
      no: item.no,
      ...picture,
      classes,
      png: palettePng(labels, picture),
      objects: objectsOf(labels, picture, values.slice(1)),
      coverage: coverageOf(labels),
      pairs: truth && countPairs(truth, labels),
      sweep: truth && sweepOf(maps, values.slice(1), truth),
      error: null,
    };
  }

  /** Outputs that the picture may show, without those that are background. */
  async #classesOf(item: LabelItem, image: DecodedImage): Promise<readonly number[]> {
    const { classes, backgroundClasses } = this.#spec.options;
    const named = classes === "labels" ? item.labels : await this.#answers(image);
    return named.filter((index) => !backgroundClasses.includes(index)).toSorted((a, b) => a - b);
  }

  /** What the model answers: every class over one half of a sigmoid, else the best one. */
  async #answers(image: DecodedImage): Promise<readonly number[]> {
    const [{ run }] = this.#scales;
    const { session } = run;
    const { preparation } = run.spec;
    const input = new Float32Array(inputSize(preparation));
    prepareInto(image, preparation, input);
    const { logits } = await session.forward(stackInputs([input], preparation));
    const { output } = session.description;
    if (output.classes === 1) return [logits.data[0] > 0 ? 1 : 0];
    if (output.stripped !== "sigmoid") return [argMax(logits.data)];
    return [...logits.data.keys()].filter((c) => logits.data[c] > 0);
  }

  /** The picture and its mirror image at one scale. */
  async #views(
    { run }: Scale,
    item: LabelItem,
    image: DecodedImage,
    classes: readonly number[],
  ): Promise<View[]> {
    const { preparation, method } = run.spec;
    const input = new Float32Array(inputSize(preparation));
    const seen = prepareInto(image, preparation, input, item.path);
    const [, h, w] = run.session.tap.grid;
    const asked: EngineItem = { ...item, label: null, evidence: null, isSampled: false };
    const views: View[] = [];
    for (const isMirrored of [false, true]) {
      const shown = isMirrored ? mirroredInput(input, preparation) : input;
      const { maps } = classes.length > 0 ? await run.mapsOf(shown, asked, classes) : { maps: [] };
      const raw = maps.map(({ map }) =>
        fromZero(map ?? new Float32Array(h * w), facts[method].zero),
      );
      views.push({ h, w, seen, maps: isMirrored ? raw.map((map) => mirrored(map, h, w)) : raw });
    }
    return views;
  }
}

async function openScale(spec: LabelSpec, scale: number): Promise<Scale> {
  const preparation = scaledPreparation(spec.preparation, scale);
  const { widthPx, heightPx } = preparation;
  const model = await openAnyModel(spec.modelPath, { widthPx, heightPx });
  try {
    const { session, layers } = await openLayers(spec, async (tap) => ({
      session: await model.open(tap),
      device: "cpu",
    }));
    const others = await openOthers(spec.others ?? [], model.description, { widthPx, heightPx });
    const run = new MapRun(
      { ...spec, preparation, secondMethod: null, target: { kind: "predicted" } },
      session,
      { layers, others: others.models },
    );
    return {
      run,
      isFixed: model.description.input.heightPx !== null,
      close: async () => {
        await run.close();
        await others.close();
        await model.close();
      },
    };
  } catch (cause) {
    await model.close();
    throw cause;
  }
}

/** Colours of a picture brought down to a longer side. */
async function smallPicture(image: DecodedImage, side: number): Promise<SmallPicture> {
  const { widthPx, heightPx, channels, data } = await scaleDecoded(image, side);
  const rgb = channels === 3 ? data : new Uint8Array(3 * widthPx * heightPx);
  if (channels === 1) for (let i = 0; i < rgb.length; i++) rgb[i] = data[Math.floor(i / 3)];
  return { width: widthPx, height: heightPx, rgb };
}

/** Each class that is labelled, as COCO writes it. */
function objectsOf(
  labels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  values: readonly number[],
): LabelOutcome["objects"] {
  return values.flatMap((value) => {
    const data = labels.map((label) => (label === value ? 255 : 0));
    let [area, left, top, right, bottom] = [0, width, height, 0, 0];
    data.forEach((inside, p) => {
      if (!inside) return;
      const [x, y] = [p % width, Math.floor(p / width)];
      area++;
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
    });
    if (area === 0) return [];
    return [
      {
        class: value - 1,
        area,
        box: [left, top, right - left, bottom - top] as const,
        counts: encodeCounts(countsOfMask({ width, height, data })),
      },
    ];
  });
}

function coverageOf(labels: Uint8Array): LabelOutcome["coverage"] {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, n]) => ({ label, n }));
}

function nothing(no: number): Omit<LabelOutcome, "error"> {
  return {
    no,
    width: 0,
    height: 0,
    classes: [],
    png: null,
    objects: [],
    coverage: [],
    pairs: null,
    sweep: null,
  };
}
