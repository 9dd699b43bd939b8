import type { TapDescription } from "../../../shared/domain/model.ts";
import type { MapPlace, RelevancePath } from "../../../shared/domain/relevance.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { fail, toErrorJson } from "../../../shared/errors/app-error.ts";
import { planRelevance, type RelevancePlan } from "../compile/relevance-plan.ts";
import { ancestorsOf } from "../onnx/walk.ts";
import { lastMapOf, tailOf, tapOf } from "../outline.ts";
import { rowsOf } from "../session/feed.ts";
import { fromGrid, toGrid } from "./grid.ts";
import type { TensorFlowFiles } from "./model-files.ts";
import { nameKernels } from "./missing-kernel.ts";
import { feedPictures } from "./pictures.ts";
import type { ProbedModel } from "./probe.ts";
import type { DeviceTensor, Program } from "./program.ts";
import { joinRows } from "./rows.ts";
import type { TensorFlow } from "./runtime.ts";
import { inScope, toDevice, toHost } from "./scope.ts";
import { sweepBack, type Halves } from "./sweep-back.ts";
import { replaceWeights, weightLayersOf } from "./weights.ts";

/** What a sweep needs of a model. */
export interface RelevanceModel {
  readonly files: TensorFlowFiles;
  readonly model: ProbedModel;
  readonly runtime: TensorFlow;
  load(files: TensorFlowFiles): Promise<Program>;
}

/** Kernels are scaled down by as much, which costs no digits, so that sums of positive parts stay below what clips them. */
const scale = 2 ** -24;

/**
 * Relevance on TensorFlow.js, by the rules of `engine/relevance`: the program's own steps are run on halves of their inputs and
 * weights, and what each input added is their gradient times the input. The halves of the weights are two more programs of the
 * same files, loaded at the first sweep.
 */
export class Relevance {
  readonly #of: RelevanceModel;
  #halves: Promise<Halves> | null = null;

  constructor(of: RelevanceModel) {
    this.#of = of;
  }

  /** How an explanation comes back to a tap: at the default one it goes on to the picture. */
  pathTo(tap: TapDescription): RelevancePath {
    const { model } = this.#of;
    const { outline } = model;
    try {
      const last = lastMapOf(outline);
      const isEarlier =
        last !== undefined &&
        (tap.isDefault || ancestorsOf(outline.graph, [last.name]).has(tap.name));
      const from = isEarlier ? last : tap;
      const to = tap.isDefault ? this.#picture() : tap;
      if (from.layout === "tokens" || to.layout === "tokens")
        fail("relevance/tokens", { tap: from.layout === "tokens" ? from.name : to.name });
      const plan = this.#plan(from.name, to.name);
      return {
        kind: "open",
        from: asPlace(from),
        to: asPlace(to),
        isPicture: to.name === model.image.name,
        extended: plan.extended,
        batchNorms: plan.batchNorms,
        forwards: 1 + tailOf(outline, from.name).share + plan.forwards,
      };
    } catch (error) {
      return { kind: "refused", refusal: toErrorJson(error) };
    }
  }

  /** As `TapSession.relevance`. */
  async sweep(images: Tensor, components: Tensor, from: string, to: string): Promise<Tensor> {
    if (from === to) return components;
    const { model } = this.#of;
    const halves = await (this.#halves ??= this.#load());
    const [rows = 0] = images.dims;
    const step = model.image.fixedBatch ?? Math.max(1, rows);
    const parts: Tensor[] = [];
    for (let at = 0; at < rows; at += step)
      parts.push(
        this.#sweepOnce(rowsOf(images, at, step), rowsOf(components, at, step), from, to, halves),
      );
    return joinRows(parts, rows);
  }

  async close(): Promise<void> {
    const halves = await this.#halves;
    halves?.plus.dispose();
    halves?.minus.dispose();
    this.#halves = null;
  }

  #sweepOnce(images: Tensor, components: Tensor, from: string, to: string, halves: Halves): Tensor {
    const { model, runtime } = this.#of;
    const { program } = model;
    const { tf, device } = runtime;
    const { steps } = this.#plan(from, to);
    return inScope(tf, () => {
      const feeds = new Map([feedPictures(tf, model, images)]);
      const read = new Set(
        steps.flatMap(({ kind, step, outputs }) => {
          if (kind === "unchanged") return [];
          return kind === "maximum" ? [...step.inputs, ...outputs] : step.inputs;
        }),
      );
      const names = [...read].filter((name) => !feeds.has(name));
      const swept = () => {
        const made = program.run(feeds, names);
        const values = new Map([
          ...feeds,
          ...names.flatMap((name, i): [string, DeviceTensor][] => {
            const value = made[i];
            return value ? [[name, value]] : [];
          }),
        ]);
        const start = fromGrid(tf, toDevice(tf, components), this.#placeOf(from), null);
        return sweepBack({ tf, program, halves, values, steps }, new Map([[from, start]]), to);
      };
      const relevance = nameKernels(swept, { program, feeds, tf, device });
      return toHost(toGrid(tf, relevance, this.#placeOf(to)));
    });
  }

  async #load(): Promise<Halves> {
    const { files, model, runtime, load } = this.#of;
    const tensors = weightLayersOf(files, model, runtime).flatMap((layer) => layer.tensors);
    const half = (part: (weight: number) => number) =>
      load(
        replaceWeights(
          files,
          new Map(
            tensors
              .filter(({ role }) => role !== "statistic")
              .map(({ name, role, values }) => [
                name,
                values().map((value) => (role === "kernel" ? scale * part(value) : 0)),
              ]),
          ),
        ),
      );
    const plus = await half((weight) => Math.max(weight, 0));
    return { plus, minus: await half((weight) => Math.min(weight, 0)) };
  }

  #plan(from: string, to: string): RelevancePlan {
    const { outline, program } = this.#of.model;
    const { graph, shapes, image } = outline;
    const { steps, isFused } = program;
    return planRelevance({ graph, shapes, image, from, to, steps, isFused });
  }

  #placeOf(name: string): TapDescription {
    const { outline, image } = this.#of.model;
    const last = lastMapOf(outline);
    if (name === image.name) return this.#picture();
    return { ...asTap, ...(last?.name === name ? last : tapOf(outline, name, "")) };
  }

  #picture(): TapDescription {
    const { image, outline } = this.#of.model;
    const layout = image.layout === "NCHW" ? "channels-first" : "channels-last";
    return {
      ...asTap,
      name: image.name,
      layout,
      grid: [image.channels, outline.heightPx, outline.widthPx],
    };
  }
}

const asTap: TapDescription = {
  name: "",
  grid: [1, 1, 1],
  layout: "channels-last",
  prefixTokens: 0,
  isDefault: false,
  isScaleFree: false,
  reason: "earlier-resolution",
};

function asPlace({ name, grid, layout }: MapPlace): MapPlace {
  return { name, grid, layout };
}
