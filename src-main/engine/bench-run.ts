import {
  isReference,
  referenceIds,
  type BenchMapId,
  type ReferenceId,
} from "../../shared/domain/bench.ts";
import type {
  BenchCall,
  BenchMap,
  BenchOutcome,
  BenchSource,
  BenchSpec,
} from "../../shared/domain/bench-run.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { EvaluationCause } from "../../shared/domain/evaluation.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods as methodFacts } from "../../shared/domain/methods.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { explainBatch, type ExplainedItem, type ExplainedMap } from "./cam/explain.ts";
import { flagsOf } from "./cam/flags.ts";
import { normalsFrom } from "./cam/noise.ts";
import { methodById } from "./cam/registry.ts";
import { evaluateImage } from "./evaluation/evaluate-image.ts";
import type { EvaluationTools, MapEvaluation } from "./evaluation/evaluation.ts";
import type { Size } from "./evaluation/finished-map.ts";
import { groundTruth, type GroundTruth } from "./evaluation/ground-truth.ts";
import { evaluatedImage } from "./evaluation/planes.ts";
import { centreMap, edgeMap, meanActivationMap, randomMap } from "./evaluation/references.ts";
import { evidenceCells } from "./images/evidence.ts";
import { stackInputs } from "./input-batch.ts";
import { seedOf, spreadOf } from "./map-run.ts";
import type { ReadPicture } from "./read-picture.ts";
import { ReaderPool } from "./reader-pool.ts";

/** Inputs that one pass of the measures carries. */
const chunk = 16;

/** Raw maps of one input by every column. */
interface Maps {
  readonly logits: Float32Array;
  readonly target: number | null;
  readonly maps: readonly (ExplainedMap & { readonly error?: ErrorJson })[];
}

/**
 * A bench at work: one picture at a time by all methods and references, and their measures, whose passes are shared. A
 * method that fails on a picture fails there alone.
 */
export class BenchRun {
  readonly columns: readonly BenchMapId[];
  readonly #spec: BenchSpec;
  readonly #session: TapSession;
  readonly #grid: Size;
  readonly #readers = new ReaderPool();
  readonly #reading = new Map<number, Promise<ReadPicture>>();
  #normals: { readonly seed: number; readonly values: Float32Array } | null = null;

  constructor(spec: BenchSpec, session: TapSession, methods: readonly MethodId[]) {
    this.#spec = spec;
    this.#session = session;
    const [, h, w] = session.tap.grid;
    this.#grid = [h, w];
    this.columns = [...methods, ...referenceIds];
  }

  async next({ item, groups, ahead }: Omit<BenchCall, "handle">): Promise<BenchOutcome> {
    const reading = this.#read(item);
    this.#reading.delete(item.no);
    if (ahead) this.#read(ahead);
    try {
      return await this.#outcome(item, await reading, groups);
    } catch (cause) {
      return { ...failed, no: item.no, error: toErrorJson(cause) };
    }
  }

  async close(): Promise<void> {
    await this.#readers.close();
    await this.#session.close();
  }

  #read(item: BenchSource): Promise<ReadPicture> {
    const reading =
      this.#reading.get(item.no) ?? this.#readers.read(item.path, this.#spec.preparation);
    this.#reading.set(item.no, reading);
    reading.catch(() => undefined); // whoever takes it sees the failure
    return reading;
  }

  async #outcome(
    item: BenchSource,
    read: ReadPicture,
    groups: BenchCall["groups"],
  ): Promise<BenchOutcome> {
    const { preparation, seed } = this.#spec;
    const itemSeed = seedOf(seed, item.no);
    const [own] = await this.#explain([read.input], this.columns, {
      target: this.#spec.target,
      label: item.label,
      itemSeed,
    });
    const base = {
      no: item.no,
      width: read.widthPx,
      height: read.heightPx,
      logits: own.logits,
      target: own.target,
      seen: read.seen,
      error: null,
    };
    const { target } = own;
    if (target === null || groups.length === 0)
      return { ...base, forwards: 0, maps: own.maps.map((map) => ({ ...asMap(map), ...nothing })) };
    const fixed = this.#fixedTarget(target);
    const tools: EvaluationTools = {
      chunk,
      forward: async (images) => (await this.#session.forward(images)).logits,
      explain: async (inputs, maps) => {
        const columns = maps.map((at) => this.columns[at]);
        const made = await this.#explain(inputs, columns, {
          target: fixed,
          label: item.label,
          itemSeed,
        });
        return made.map(({ logits, maps: all }) => ({ logits, raw: all.map(({ map }) => map) }));
      },
    };
    const found = await evaluateImage(
      {
        image: evaluatedImage(stackInputs([read.input], preparation), preparation.layout),
        logits: own.logits,
        target,
        grid: this.#grid,
        maps: this.columns.map((id, at) => ({
          id,
          raw: own.maps[at].map,
          isMethod: !isReference(id),
        })),
        groups,
        truth: await this.#truth(item, target, read),
        shortcut: item.shortcut && (await this.#coverage(item.shortcut, read)),
        seed,
        itemSeed,
        normals: (count, from) => this.#normalNumbers(count, from),
        inputSpread: spreadOf(preparation),
      },
      tools,
    );
    const maps = own.maps.map((map, at): BenchMap => ({ ...asMap(map), ...found.maps[at] }));
    return { ...base, forwards: found.forwards, maps };
  }

  /** Every column's raw map of whole inputs, for one class; a method that throws is tried alone and has none. */
  async #explain(
    inputs: readonly Float32Array[],
    columns: readonly BenchMapId[],
    ask: {
      readonly target: Target;
      readonly label: number | null;
      readonly itemSeed: number;
    },
  ): Promise<readonly Maps[]> {
    const images = stackInputs(inputs, this.#spec.preparation);
    const ids = columns.filter((id): id is MethodId => !isReference(id));
    const explainBy = (methods: readonly MethodId[]) =>
      explainBatch({
        session: this.#session,
        methods: methods.map(methodById),
        images,
        layout: this.#spec.preparation.layout,
        target: ask.target,
        labels: inputs.map(() => ask.label),
        randomSeeds: inputs.map(() => ask.itemSeed),
        inputSpread: spreadOf(this.#spec.preparation),
      });
    const failures = new Map<MethodId, ErrorJson>();
    let made: readonly ExplainedItem[];
    try {
      made = await explainBy(ids);
    } catch {
      const each: (readonly ExplainedItem[])[] = [];
      for (const id of ids)
        try {
          each.push(await explainBy([id]));
        } catch (cause) {
          failures.set(id, toErrorJson(cause));
        }
      const working = ids.filter((id) => !failures.has(id));
      const plain = await explainBy([]);
      made = plain.map((one, i) => ({
        ...one,
        maps: ids.map((id) => {
          const at = working.indexOf(id);
          return at < 0 ? noMap : each[at][i].maps[0];
        }),
      }));
    }
    const needsTap = columns.includes("mean-activation");
    const tap = needsTap ? (await this.#session.forward(images)).activations : null;
    return made.map(({ logits, target, maps }, i) => {
      const input: Tensor = { dims: [1, ...images.dims.slice(1)], data: inputs[i] };
      return {
        logits,
        target,
        maps: columns.map((id) => {
          if (target === null) return { ...noMap, flags: ["no-target" as const] };
          if (isReference(id))
            return this.#reference(id, input, tap && rowOf(tap, i), ask.itemSeed);
          const error = failures.get(id);
          const map = maps[ids.indexOf(id)];
          return error ? { ...noMap, error } : withZero(id, map);
        }),
      };
    });
  }

  #reference(id: ReferenceId, input: Tensor, tap: Tensor | null, seed: number): ExplainedMap {
    const raw = this.#referenceMap(id, input, tap, seed);
    return { map: raw, flags: flagsOf(raw, ...this.#grid), notes: {} };
  }

  #referenceMap(id: ReferenceId, input: Tensor, tap: Tensor | null, seed: number): Float32Array {
    switch (id) {
      case "random":
        return randomMap(this.#grid, seed);
      case "centre":
        return centreMap(this.#grid);
      case "edges":
        return edgeMap(evaluatedImage(input, this.#spec.preparation.layout), this.#grid);
      case "mean-activation":
        if (!tap) throw new RangeError("the tap was not read");
        return meanActivationMap(tap);
    }
  }

  /** The evidence is of the labelled class: maps of another one are not held against it. */
  async #truth(
    { evidence, label }: BenchSource,
    target: number,
    read: ReadPicture,
  ): Promise<GroundTruth | EvaluationCause> {
    if (!evidence) return "no-evidence";
    if (label !== null && label !== target) return "other-class";
    const { widthPx, heightPx } = this.#spec.preparation;
    const boxes =
      evidence.kind === "shapes" && evidence.shapes.every(({ kind }) => kind === "rect")
        ? await Promise.all(
            evidence.shapes.map((shape) =>
              this.#coverage({ kind: "shapes", shapes: [shape] }, read),
            ),
          )
        : [];
    const coverage = await this.#coverage(evidence, read);
    return groundTruth(coverage, [heightPx, widthPx], boxes) ?? "empty-mask";
  }

  /** Share of each pixel of the model's input. */
  #coverage(evidence: EvidenceSource, read: ReadPicture): Promise<Float32Array> {
    const { widthPx: w, heightPx: h } = this.#spec.preparation;
    const { seen, widthPx, heightPx, orientation } = read;
    return evidenceCells(evidence, { h, w, seen, widthPx, heightPx, orientation });
  }

  #fixedTarget(target: number): Target {
    return this.#spec.target.kind === "top-2"
      ? this.#spec.target
      : { kind: "class", index: target };
  }

  /** Kept for one picture: all its imputations add the same noise. */
  #normalNumbers(count: number, seed: number): Float32Array {
    if (this.#normals?.seed !== seed || this.#normals.values.length !== count) {
      const next = normalsFrom(seed);
      this.#normals = { seed, values: Float32Array.from({ length: count }, next) };
    }
    return this.#normals.values;
  }
}

const noMap: ExplainedMap = { map: null, flags: [], notes: {} };
const nothing: MapEvaluation = { values: {}, counts: {}, iou: [], boxes: [], stillPredicted: [] };
const failed = {
  width: null,
  height: null,
  logits: null,
  target: null,
  seen: null,
  maps: [],
  forwards: 0,
};

function asMap({ map, flags, error }: Maps["maps"][number]) {
  return { map, flags, error: error ?? null };
}

/** Where 0 means nothing, the smallest value is taken off before anything is measured. */
function withZero(id: MethodId, made: ExplainedMap): ExplainedMap {
  if (methodFacts[id].zero !== "none" || !made.map) return made;
  const least = made.map.reduce((min, value) => Math.min(min, value), Infinity);
  return { ...made, map: made.map.map((value) => value - least) };
}

function rowOf({ dims, data }: Tensor, i: number): Tensor {
  const size = data.length / dims[0];
  return { dims: [1, ...dims.slice(1)], data: data.subarray(i * size, (i + 1) * size) };
}
