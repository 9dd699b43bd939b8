import type { TapSession } from "../../../shared/domain/engine.ts";
import type { Fitted } from "../../../shared/domain/fit.ts";
import { methods } from "../../../shared/domain/methods.ts";
import {
  sheetFigure,
  sheetRules,
  sheetSize,
  sheetVerdict,
  type MeasuredSheet,
  type NullMap,
  type SheetOrder,
  type SheetStep,
} from "../../../shared/domain/sheet.ts";
import type { Layout } from "../../../shared/domain/preparation.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { WeightChanges, WeightLayer } from "../../../shared/domain/weights.ts";
import { fromZero } from "../../../shared/heatmap/zero.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";
import { explainBatch } from "../cam/explain.ts";
import type { Method } from "../cam/method.ts";
import { argMax } from "../kernels/scores.ts";
import { extent } from "../kernels/maps.ts";
import { stepsOf } from "./cascade.ts";
import { complexityRise } from "./complexity.ts";
import { heatAtEdges } from "./null-input.ts";
import { randomised } from "./randomise.ts";
import { classSimilarity, similarityOf, type Similarity } from "./similarity.ts";

/** A model whose weights can be replaced, at one tap. */
export interface SanityModel {
  readonly session: TapSession;
  /** From the output to the input. */
  readonly layers: readonly WeightLayer[];
  withWeights(changes: WeightChanges): Promise<TapSession>;
}

/** One prepared picture. */
export interface SanityImage {
  /** As the preparation lays it out, without the batch. */
  readonly input: Float32Array;
  /** Patient or group, where one is known. */
  readonly group: string | null;
  /** For what is random in the method: what the run took. */
  readonly randomSeed: number;
  /** The map that a run has stored for class `target`. */
  readonly stored: { readonly map: Float32Array; readonly target: number } | null;
}

export interface SanityRequest {
  readonly model: SanityModel;
  readonly method: Method;
  readonly isClassSpecific: boolean;
  /** What the method learnt, for one that learns. */
  readonly fitted?: Fitted | null;
  /** In the order drawn: the first ones are taken where maps are costly. */
  readonly images: readonly SanityImage[];
  readonly unreadable: number;
  /** Dims of one picture, with a batch of 1. */
  readonly dims: readonly number[];
  readonly layout: Layout;
  readonly inputSpread: number;
  /** Inputs that hold nothing: a constant, and noise. */
  readonly nulls: readonly { readonly kind: NullMap["input"]; readonly input: Float32Array }[];
  readonly forwards: number;
  readonly order: SheetOrder;
  readonly isSmooth: boolean;
  readonly seed: number;
}

export interface SheetProgress {
  readonly tried: number;
  readonly planned: number;
}

type Map2d = Float32Array | null;

/** Maps that one call makes: few where each costs many passes, so that it can be stopped in between. */
const mapsPerCall = { cheap: 16, costly: 1 } as const;

/**
 * Makes a sheet, call by call: maps of the model as it is, of another class, of empty pictures, then of the model with more and
 * more random layers. Whoever drives the generator may stop between any two calls.
 */
export async function* makeSheet(
  request: SanityRequest,
): AsyncGenerator<SheetProgress, MeasuredSheet> {
  const { model, forwards, order, isSmooth, seed, isClassSpecific } = request;
  const size = sheetSize(forwards);
  const images = request.images.slice(0, size.images);
  const groups = images.map(({ group }) => group);
  const steps = stepsOf(model.layers.length, size.steps, order);
  const [, h, w] = model.session.tap.grid;

  const passes = isSmooth ? sheetRules.noisyInputs : 1;
  let tried = 0;
  const classes = model.session.description.output.classes;
  const mostClasses = Math.min(images.length, Math.max(2, classes));
  const planned =
    images.length * (2 + (1 + steps.length) * passes) + mostClasses * request.nulls.length;
  const maker = new MapMaker(request, (made) => (tried += made));
  const progress = (): SheetProgress => ({ tried: Math.min(tried, planned), planned });

  const targets = yield* each(predictedClasses(model.session, request, images), progress);
  const plain = yield* each(maker.maps(model.session, images, targets), progress);
  const stepZero = compareStored(images, targets, plain);
  const originals = isSmooth
    ? yield* each(maker.smoothMaps(model.session, images, targets), progress)
    : plain;

  const others = targets.map((target, i) => otherClass(target, classes, seed + i));
  const ofOthers = yield* each(maker.maps(model.session, images, others), progress);
  const randomLogit = plain.map((map, i) => {
    const other = ofOthers[i];
    return map && other ? classSimilarity(map, other) : null;
  });

  const nullMaps: NullMap[] = [];
  for (const target of new Set(targets))
    for (const { kind, input } of request.nulls) {
      const empty = { input, group: null, randomSeed: seed, stored: null };
      const [map] = yield* each(maker.maps(model.session, [empty], [target]), progress);
      const heat = fromZero(map, methods[request.method.id].zero);
      nullMaps.push({ input: kind, class: target, ...heatAtEdges(heat, h, w) });
    }

  const made: SheetStep[] = [];
  let isHeadOnlySame: boolean | null = null;
  for (const [number, which] of steps.entries()) {
    const layers = which.map((at) => model.layers[at]);
    const changes = new Map(layers.flatMap((layer) => [...randomised(layer, seed)]));
    const session = await model.withWeights(changes);
    try {
      const maps = yield* each(
        isSmooth
          ? maker.smoothMaps(session, images, targets)
          : maker.maps(session, images, targets),
        progress,
      );
      made.push(stepOf(layers, originals, maps, [h, w], groups, seed));
      if (number === 0 && !isClassSpecific)
        isHeadOnlySame = maps.every((map, i) => isSame(map, originals[i]));
    } finally {
      await session.close();
    }
  }

  const logit = sheetFigure(randomLogit, groups, seed);
  const means = made.flatMap(({ spearman }) => spearman.mean ?? []);
  return {
    order,
    isSmooth,
    seed,
    images: images.length,
    unreadable: request.unreadable,
    forwards,
    isReduced: size.isReduced,
    layers: model.layers.length,
    steps: made,
    area: means.length > 0 ? means.reduce((sum, mean) => sum + mean, 0) / means.length : null,
    stepZero,
    isClassSpecific,
    randomLogit: logit,
    isHeadOnlySame,
    nullMaps,
    ...sheetVerdict({
      last: made.at(-1)?.spearman ?? null,
      images: images.length,
      isClassSpecific,
      randomLogit: logit,
    }),
  };
}

/** Hands on what a generator of calls returns; after each call it says how far the sheet is. */
async function* each<T>(
  calls: AsyncGenerator<void, T>,
  progress: () => SheetProgress,
): AsyncGenerator<SheetProgress, T> {
  for (;;) {
    const step = await calls.next();
    if (step.done) return step.value;
    yield progress();
  }
}

class MapMaker {
  readonly #request: SanityRequest;
  readonly #count: (made: number) => void;
  readonly #perCall: number;

  constructor(request: SanityRequest, count: (made: number) => void) {
    this.#request = request;
    this.#count = count;
    this.#perCall =
      request.forwards > sheetRules.costlyOver ? mapsPerCall.costly : mapsPerCall.cheap;
  }

  /** One raw map for each image and its class; null where there is none. */
  async *maps(
    session: TapSession,
    images: readonly SanityImage[],
    targets: readonly number[],
  ): AsyncGenerator<void, Map2d[]> {
    const maps: Map2d[] = [];
    for (let from = 0; from < images.length; from += this.#perCall) {
      const some = images.slice(from, from + this.#perCall);
      maps.push(...(await this.#explain(session, some, targets.slice(from, from + this.#perCall))));
      this.#count(some.length);
      yield;
    }
    return maps;
  }

  /** The mean of the maps of noisy copies, the same noise for every session; null where one copy has none. */
  async *smoothMaps(
    session: TapSession,
    images: readonly SanityImage[],
    targets: readonly number[],
  ): AsyncGenerator<void, Map2d[]> {
    const means: Map2d[] = [];
    for (const [i, image] of images.entries()) {
      const copies = noisyCopies(image, this.#request.seed);
      const maps = yield* this.maps(
        session,
        copies,
        copies.map(() => targets[i]),
      );
      means.push(meanOf(maps));
    }
    return means;
  }

  async #explain(
    session: TapSession,
    images: readonly SanityImage[],
    targets: readonly number[],
  ): Promise<Map2d[]> {
    const { method, layout, inputSpread, fitted = null } = this.#request;
    const explained = await explainBatch({
      session,
      methods: [method],
      images: stacked(images, this.#request.dims),
      layout,
      target: { kind: "label" }, // the class asked for, image by image
      labels: targets,
      randomSeeds: images.map(({ randomSeed }) => randomSeed),
      inputSpread,
      fitted,
    });
    return explained.map(({ maps: [one] }) => one.map);
  }
}

async function* predictedClasses(
  session: TapSession,
  { dims }: SanityRequest,
  images: readonly SanityImage[],
): AsyncGenerator<void, number[]> {
  const { logits } = await session.forward(stacked(images, dims));
  const classes = logits.data.length / images.length;
  yield;
  return images.map((_, i) => {
    const own = logits.data.subarray(i * classes, (i + 1) * classes);
    return classes === 1 ? (own[0] > 0 ? 1 : 0) : argMax(own);
  });
}

function stacked(images: readonly SanityImage[], dims: readonly number[]): Tensor {
  const size = images[0].input.length;
  const data = new Float32Array(images.length * size);
  for (const [i, { input }] of images.entries()) data.set(input, i * size);
  return { dims: [images.length, ...dims.slice(1)], data };
}

/** A seeded class that is not `target`; of a single output its other side. */
function otherClass(target: number, classes: number, seed: number): number {
  const count = Math.max(2, classes);
  return (target + 1 + Math.floor(randomFrom(seed)() * (count - 1))) % count;
}

function compareStored(
  images: readonly SanityImage[],
  targets: readonly number[],
  maps: readonly Map2d[],
): MeasuredSheet["stepZero"] {
  const pairs = images.flatMap(({ stored }, i) =>
    stored && stored.target === targets[i] ? [[stored.map, maps[i]] as const] : [],
  );
  return {
    compared: pairs.length,
    exact: pairs.filter(([was, is]) => isSame(was, is)).length,
    difference:
      pairs.length > 0 ? Math.max(...pairs.map(([was, is]) => differenceOf(was, is))) : null,
  };
}

/** As a share of the largest value of `was`. */
function differenceOf(was: Float32Array, is: Map2d): number {
  if (!is || is.length !== was.length) return 1;
  let [most, largest] = [0, 0];
  for (const [i, value] of was.entries()) {
    most = Math.max(most, Math.abs(value - is[i]));
    largest = Math.max(largest, Math.abs(value));
  }
  return largest > 0 ? most / largest : most;
}

/** Bit by bit. */
function isSame(a: Map2d, b: Map2d): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

function stepOf(
  layers: readonly WeightLayer[],
  originals: readonly Map2d[],
  maps: readonly Map2d[],
  [h, w]: readonly [number, number],
  groups: readonly (string | null)[],
  seed: number,
): SheetStep {
  const pairs = originals.map((a, i) => {
    const b = maps[i];
    return a && b ? { a, b, h, w } : null;
  });
  const similar = pairs.map((pair) => pair && similarityOf(pair));
  const figure = (id: keyof Similarity) =>
    sheetFigure(
      similar.map((one) => one && one[id]),
      groups,
      seed,
    );
  return {
    layers: layers.map(({ name }) => name),
    spearman: figure("spearman"),
    ssim: figure("ssim"),
    hog: figure("hog"),
    complexityRise: sheetFigure(
      pairs.map((pair) => pair && complexityRise(pair.a, pair.b)),
      groups,
      seed,
    ),
  };
}

/** Copies of one input with normal noise of a share of its own range. */
function noisyCopies(image: SanityImage, seed: number): SanityImage[] {
  const [low, high] = extent(image.input);
  const deviation = sheetRules.noise * (high - low);
  const random = randomFrom(seed ^ image.randomSeed);
  return Array.from({ length: sheetRules.noisyInputs }, () => ({
    ...image,
    stored: null,
    input: image.input.map(
      (value) =>
        value +
        deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    ),
  }));
}

function meanOf(maps: readonly Map2d[]): Map2d {
  const [first] = maps;
  if (!first || maps.some((map) => map === null)) return null;
  const sums = new Float64Array(first.length);
  for (const map of maps) map?.forEach((value, i) => (sums[i] += value / maps.length));
  return Float32Array.from(sums);
}
