import type { TapSession } from "../../shared/domain/engine.ts";
import { methods as facts } from "../../shared/domain/methods.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { FusionId } from "../../shared/domain/fusion.ts";
import { failedOutcome } from "../../shared/domain/item.ts";
import type { NaCause } from "../../shared/domain/metrics.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import { fromZero } from "../../shared/heatmap/zero.ts";
import { explainClasses } from "./cam/explain-classes.ts";
import { explainBatch, type ExplainedItem, type ExplainedMap } from "./cam/explain.ts";
import { explainLayers } from "./cam/fusion/explain-layers.ts";
import type { Method } from "./cam/method.ts";
import type { OtherModel } from "./cam/other-model.ts";
import { methodById } from "./cam/registry.ts";
import { artefactCells } from "./artefacts/cells.ts";
import { evidenceCells } from "./images/evidence.ts";
import { inputSize } from "./images/prepare.ts";
import { softmax } from "./kernels/scores.ts";
import { stackInputs } from "./input-batch.ts";
import { agreement, averageDown } from "./metrics/agreement.ts";
import { necessity, necessityTest } from "./metrics/necessity.ts";
import { artefactShares, measureAll } from "./metrics/registry.ts";
import { stability } from "./metrics/stability.ts";
import { blurCells, hottestCells, shiftInput, shiftMapBack } from "./perturbation.ts";
import type { EngineItem, EngineRequests, ItemResult, RunSpec } from "./protocol.ts";
import type { ReadPicture } from "./read-picture.ts";
import { ReaderPool } from "./reader-pool.ts";
import { meanColourInput } from "./sanity/null-input.ts";

const shiftPx = 4;
const shifts = [
  [shiftPx, 0],
  [-shiftPx, 0],
  [0, shiftPx],
  [0, -shiftPx],
] as const;

interface Read extends ReadPicture {
  readonly item: EngineItem;
}

/** What a run reads beside one layer of one model. */
export interface RunParts {
  /** Layers whose maps become one; the run's own session is the finest of them. */
  readonly layers?: { readonly sessions: readonly TapSession[]; readonly how: FusionId } | null;
  readonly others?: readonly OtherModel[];
}

/**
 * One run at work: pictures in, outcomes out, batch by batch. A failed picture is its own row and never ends a batch;
 * metrics that need further passes are measured for sampled items alone.
 */
export class MapRun {
  readonly spec: Omit<RunSpec, "batch">;
  /** At the layer mapped; of several, the finest. */
  readonly session: TapSession;
  readonly #parts: RunParts;
  #method: Method;
  #second: Method | null;
  readonly #readers = new ReaderPool();
  readonly #reading = new Map<number, Promise<Read | ItemResult>>();
  /** Pictures that a batch may hold since memory ran out. */
  #most = Infinity;
  #nullMaps = new Map<number, Float32Array | null>();

  constructor(spec: Omit<RunSpec, "batch">, session: TapSession, parts: RunParts = {}) {
    this.spec = spec;
    this.session = session;
    this.#parts = parts;
    this.#method = methodById(spec.method);
    this.#second = spec.secondMethod ? methodById(spec.secondMethod) : null;
  }

  /** Outcomes of `items`; those of `ahead` are being read meanwhile, for the next call. */
  async maps(
    items: readonly EngineItem[],
    batch: number,
    ahead: readonly EngineItem[] = [],
  ): Promise<readonly ItemResult[]> {
    const results: ItemResult[] = [];
    for (const item of [...items, ...ahead]) this.#beginReading(item);
    for (let from = 0; from < items.length;) {
      const size = Math.min(batch, this.#most);
      const read = await Promise.all(
        items.slice(from, from + size).map((item) => this.#take(item)),
      );
      results.push(...(await this.#mapBatch(read)));
      from += size;
    }
    return results;
  }

  /** One picture's maps for several classes; a picture that cannot be read has none. */
  async classMaps(
    item: EngineItem,
    classes: readonly number[],
  ): Promise<EngineRequests["classMaps"]["out"]> {
    const read = await this.#take(item);
    if (!isRead(read)) return { item: read, maps: [] };
    const { logits, maps } = await this.mapsOf(read.input, item, classes);
    return { item: { ...emptyOutcome(read), logits }, maps };
  }

  /** Maps of a prepared input for several classes, with the chance that belongs to `item`. */
  async mapsOf(
    input: Float32Array,
    item: EngineItem,
    classes: readonly number[],
  ): Promise<{ readonly logits: Float32Array; readonly maps: readonly ExplainedMap[] }> {
    const { preparation, seed } = this.spec;
    if (classes.length > 0 && (this.#parts.layers || this.#parts.others?.length)) {
      const explained: ExplainedItem[] = [];
      for (const index of classes)
        explained.push(
          ...(await this.#explain([input], [{ item }], [this.#method], { kind: "class", index })),
        );
      return { logits: explained[0].logits, maps: explained.map((one) => one.maps[0]) };
    }
    return explainClasses({
      session: this.session,
      method: this.#method,
      image: stackInputs([input], preparation),
      layout: preparation.layout,
      classes,
      randomSeeds: [seedOf(seed, item.no)],
      inputSpread: spreadOf(preparation),
      fitted: this.spec.fitted ?? null,
    });
  }

  async close(): Promise<void> {
    await this.#readers.close();
    const sessions = this.#parts.layers?.sessions ?? [this.session];
    await Promise.all(sessions.map((session) => session.close()));
  }

  #beginReading(item: EngineItem): Promise<Read | ItemResult> {
    const begun = this.#reading.get(item.no);
    if (begun) return begun;
    const reading = this.#readers.read(item.path, this.spec.preparation).then(
      (picture) => ({ ...picture, item }),
      (cause: unknown) => failedOutcome(item.no, toErrorJson(cause)),
    );
    this.#reading.set(item.no, reading);
    return reading;
  }

  #take(item: EngineItem): Promise<Read | ItemResult> {
    const reading = this.#beginReading(item);
    this.#reading.delete(item.no);
    return reading;
  }

  async #mapBatch(all: readonly (Read | ItemResult)[]): Promise<readonly ItemResult[]> {
    const read = all.filter(isRead);
    if (read.length === 0) return all.filter(isFailed);
    let explained: readonly ExplainedItem[];
    try {
      explained = await this.#explain(
        read.map(({ input }) => input),
        read,
      );
    } catch (cause) {
      if (read.length === 1)
        return all.map((one) =>
          isRead(one) ? failedOutcome(one.item.no, toErrorJson(cause)) : one,
        );
      // One picture may have spoiled the batch, or all together were too large for the memory: halves, down to each alone.
      const half = Math.ceil(all.length / 2);
      const parts = [all.slice(0, half), all.slice(half)];
      if (isOutOfMemory(cause)) this.#most = Math.max(1, Math.min(this.#most, half));
      return [...(await this.#mapBatch(parts[0])), ...(await this.#mapBatch(parts[1]))];
    }
    const results: ItemResult[] = [];
    for (const one of all) {
      if (isRead(one)) results.push(await this.#outcome(one, explained[read.indexOf(one)]));
      else results.push(one);
    }
    return results;
  }

  #explain(
    inputs: readonly Float32Array[],
    items: readonly { readonly item: EngineItem }[],
    methods: readonly Method[] = [this.#method],
    target = this.spec.target,
  ): Promise<readonly ExplainedItem[]> {
    const { layers, others } = this.#parts;
    const request = {
      methods,
      images: stackInputs(inputs, this.spec.preparation),
      layout: this.spec.preparation.layout,
      target,
      labels: items.map(({ item }) => item.label),
      randomSeeds: items.map(({ item }) => seedOf(this.spec.seed, item.no)),
      inputSpread: spreadOf(this.spec.preparation),
      fitted: this.spec.fitted ?? null,
      ...(others && { others }),
    };
    return layers
      ? explainLayers({ ...request, ...layers })
      : explainBatch({ ...request, session: this.session });
  }

  async #outcome(read: Read, explained: ExplainedItem): Promise<ItemResult> {
    const { item } = read;
    const [made] = explained.maps;
    const [, h, w] = this.session.tap.grid;
    const base = {
      ...emptyOutcome(read),
      logits: explained.logits,
      target: explained.target,
      flags: made.flags,
    };
    if (!made.map || explained.target === null) return base;
    try {
      const { seen, widthPx, heightPx, orientation } = read;
      const grid = { h, w, seen, widthPx, heightPx, orientation };
      const halves = { ...grid, h: 2 * h, w: 2 * w };
      const evidenceFine = item.evidence ? await evidenceCells(item.evidence, halves) : null;
      const evidence = evidenceFine && averageDown(evidenceFine, 2 * h, 2 * w, h, w);
      const cells = artefactCells(read.artefacts, grid);
      const { text = null, ...artefacts } = cells;
      const nullMap = await this.#nullMap(explained.target);
      const map = fromZero(made.map, facts[this.#method.id].zero);
      const measured = measureAll({
        map,
        h,
        w,
        evidence,
        evidenceFine,
        text,
        artefacts,
        nullMap,
      });
      const sampled = await this.#sampled(read, explained, map);
      return {
        ...base,
        map: made.map,
        mapDims: [h, w],
        metrics: { ...measured, ...sampled },
        artefacts: artefactShares(map, cells),
      };
    } catch (cause) {
      return {
        ...base,
        map: made.map,
        mapDims: [h, w],
        metrics: {},
        artefacts: {},
        error: toErrorJson(cause),
      };
    }
  }

  /** Agreement, stability and necessity; three to eight further passes. */
  async #sampled(
    read: Read,
    explained: ExplainedItem,
    map: Float32Array,
  ): Promise<Readonly<Record<"agreement" | "stability" | "necessity", number | NaCause>>> {
    const out: NaCause = "not-in-sample";
    if (!read.item.isSampled || explained.target === null) {
      return { agreement: out, stability: out, necessity: out };
    }
    const [, h, w] = this.session.tap.grid;
    const { layout } = this.spec.preparation;
    const image = stackInputs([read.input], this.spec.preparation);
    const { target: asked } = this.spec;
    const target: Target =
      asked.kind === "top-2" ? asked : { kind: "class", index: explained.target };

    const [other] = this.#second
      ? await this.#explain([read.input], [read], [this.#second], target)
      : [];
    const second = this.#second && fromZero(other.maps[0].map, facts[this.#second.id].zero);

    const moved = shifts.map(([dx, dy]) => shiftInput(image, layout, dx, dy));
    const ofMoved = await this.#explain(
      moved,
      moved.map(() => read),
      [this.#method],
      target,
    );
    const back = ofMoved.map(({ maps: [one] }, i) => {
      const [dx, dy] = shifts[i];
      const { widthPx, heightPx } = this.spec.preparation;
      const from = fromZero(one.map, facts[this.#method.id].zero);
      return from && shiftMapBack(from, [h, w], (dx * w) / widthPx, (dy * h) / heightPx);
    });

    const covered = blurCells(image, layout, [h, w], hottestCells(map, necessityTest.share));
    const after = await this.session.forward({ dims: image.dims, data: covered });
    return {
      agreement: second ? agreement({ map, h, w }, { map: second, h, w }) : "no-second-method",
      stability: stability(
        map,
        back.filter((one) => one !== null),
      ),
      necessity: necessity(
        probabilityOf(explained.logits, explained.target),
        probabilityOf(after.logits.data, explained.target),
      ),
    };
  }

  /** The map of a mean-colour input for a class: what padding alone makes of the border. */
  async #nullMap(target: number): Promise<Float32Array | null> {
    const known = this.#nullMaps.get(target);
    if (known !== undefined) return known;
    const input = meanColourInput(this.spec.preparation, inputSize(this.spec.preparation));
    const item: EngineItem = { no: -1, path: "", label: null, evidence: null, isSampled: false };
    const [explained] = await this.#explain([input], [{ item }], [this.#method], {
      kind: "class",
      index: target,
    });
    const map = fromZero(explained.maps[0].map, facts[this.#method.id].zero);
    this.#nullMaps.set(target, map);
    return map;
  }
}

/** The run's seed and the item's number mixed: the same run gives the same bytes, items differ. */
export function seedOf(seed: number, no: number): number {
  return (Math.imul(seed, 0x9e3779b1) ^ Math.imul(no + 1, 0x85ebca6b)) >>> 0;
}

/** Grey levels that photographs spread over: ImageNet's standard deviation. */
const greySpread = 0.225 * 255;

/** That spread in units of the prepared input, mean of its channels. */
export function spreadOf({ scale, std }: Preparation): number {
  return std.reduce((sum, own) => sum + greySpread / scale / own, 0) / std.length;
}

function isFailed(one: Read | ItemResult): one is ItemResult {
  return !isRead(one);
}

/** Probability of class `c`; of a single output, of its positive or negative side. */
function probabilityOf(logits: Float32Array, c: number): number {
  if (logits.length > 1) return softmax(logits)[c];
  const positive = 1 / (1 + Math.exp(-logits[0]));
  return c === 1 ? positive : 1 - positive;
}

/** As onnxruntime, its devices and TensorFlow.js say it. */
function isOutOfMemory(cause: unknown): boolean {
  const text = cause instanceof Error ? cause.message : "";
  return /out of memory|failed to allocate|bad.?alloc|allocation failed|resource exhausted|\boom\b/i.test(
    text,
  );
}

function isRead(one: Read | ItemResult): one is Read {
  return "input" in one;
}

/** A picture that was read and not yet mapped. */
function emptyOutcome({ item, sha256, widthPx, heightPx, averageGrey, seen }: Read): ItemResult {
  return {
    no: item.no,
    sha256,
    width: widthPx,
    height: heightPx,
    averageGrey,
    logits: null,
    target: null,
    map: null,
    mapDims: null,
    flags: [],
    seen,
    metrics: {},
    artefacts: {},
    error: null,
  };
}
