import type { Tensor as DeviceTensor } from "@tensorflow/tfjs-core";
import type { Forward, TapSession } from "../../../../shared/domain/engine.ts";
import type { ModelDescription } from "../../../../shared/domain/model.ts";
import type { Tensor } from "../../../../shared/domain/tensor.ts";
import { withoutRelevance } from "../../cam/support.ts";
import type { AnalysedModel } from "../../compile/analysed-model.ts";
import { compileForward } from "../../compile/forward.ts";
import type { Constant } from "../../onnx/graph.ts";
import { Crossing } from "../../session/crossing.ts";
import { rowsOf, toConstant as fromTensor } from "../../session/feed.ts";
import { maskTokens } from "../../session/mask-tokens.ts";
import { seedFrom, type Seed } from "../../session/seed.ts";
import type { TapKnowledge } from "../../session/tap-knowledge.ts";
import { inScope, toDevice, toHost } from "../scope.ts";
import {
  Executors,
  eachBatch,
  joined,
  onHost,
  valueIn,
  valuesOf,
  type Results,
} from "./batches.ts";
import { differentiate, type Differentiated } from "./differentiate.ts";
import type { Device } from "./executor.ts";
import { readValues } from "./reader.ts";
import { madeFrom, toConstant, type Made } from "./value.ts";

/** Everything a session at one tap needs to know: what the compiler found, whichever engine runs it. */
export interface OnnxTapPlan extends TapKnowledge {
  readonly model: AnalysedModel;
  readonly description: ModelDescription;
}

const slopes = "gradient";

/**
 * The four primitives on an ONNX model, run operation by operation on TensorFlow.js. The gradient is TensorFlow's own
 * over the tail: a witness of the compiled one, of which nothing is used. Each primitive runs in one scope and returns
 * host arrays. There is no self-check: whoever opens this compares it with the other engine.
 */
export function openOnnxTap(device: Device, plan: OnnxTapPlan): TapSession {
  const { model, tap, head, tail, description, structure, methods } = plan;
  const { tf } = device;
  const forwardGraph = compileForward(model, tap, tail);
  const executors = new Executors(device);
  const pass = (image: Made) => {
    const executor = executors.of("forward", () => forwardGraph.graph);
    return valuesOf(executor, new Map([[model.image.name, image]]));
  };
  const scores = (own: DeviceTensor, others: ReadonlyMap<string, Made>): DeviceTensor => {
    const feeds = new Map([...others, [tail.activations, { tensor: own }] as const]);
    return valueIn(
      valuesOf(
        executors.of("tail", () => tail.graph),
        feeds,
      ),
      tail.logits,
    );
  };

  return {
    description,
    tap,
    head,
    structure: { ...structure, relevance: null },
    methods: withoutRelevance(methods, tap.name),
    forward,
    gradient,
    tail: runTail,
    tailGradient,
    read: async (images, names, seed, score = "model") =>
      readValues(device, executors, model, { images, names, seed, score }),
    close: async () => executors.close(),
  };

  async function forward(images: Tensor): Promise<Forward> {
    return forwardFrom(
      eachBatch(device, model, images, (image) => onHost(pass(image))),
      images,
    );
  }

  async function gradient(
    images: Tensor,
    seed: Seed,
  ): Promise<Forward & { readonly gradients: Tensor }> {
    const runs = eachBatch(device, model, images, (image, from, count) => {
      const values = pass(image);
      const logits = toHost(valueIn(values, forwardGraph.logits));
      const given = typeof seed === "string" ? seedFrom(logits, seed) : rowsOf(seed, from, count);
      const others = [...forwardGraph.crossing].map(
        ([name, source]) => [name, { tensor: valueIn(values, source) }] as const,
      );
      const own = valueIn(values, forwardGraph.activations);
      return withSlopes(onHost(values), differentiated(own, new Map(others), given));
    });
    return { ...forwardFrom(runs, images), gradients: joined(runs, slopes, images) };
  }

  async function runTail(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    kept?: Tensor,
  ): Promise<Tensor> {
    const runs = eachTail(from, activations, rows, (own, crossing, start, step) => {
      const factors = kept && rowsOf(kept, start, step);
      const others = crossing.map(([name, value]) => {
        const isMasked = factors && structure.besideTap.includes(name);
        const given = isMasked ? maskTokens(value, factors, tap.prefixTokens) : value;
        return [name, madeFrom(tf, given)] as const;
      });
      return new Map([[tail.logits, toConstant(scores(own, new Map(others)))]]);
    });
    return joined(runs, tail.logits, activations);
  }

  async function tailGradient(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    seeds: Tensor,
  ): Promise<{ readonly logits: Tensor; readonly gradients: Tensor }> {
    const runs = eachTail(from, activations, rows, (own, crossing, start, step) => {
      const others = new Map(crossing.map(([name, value]) => [name, madeFrom(tf, value)]));
      const made = differentiated(own, others, rowsOf(seeds, start, step));
      return withSlopes(new Map([[tail.logits, toConstant(made.value)]]), made);
    });
    return {
      logits: joined(runs, tail.logits, activations),
      gradients: joined(runs, slopes, activations),
    };
  }

  function differentiated(
    own: DeviceTensor,
    others: ReadonlyMap<string, Made>,
    seed: Tensor,
  ): Differentiated {
    const score = ([moved = own]: readonly DeviceTensor[]) => scores(moved, others);
    return differentiate(device, score, [own], toDevice(tf, seed), tap.name);
  }

  function forwardFrom(runs: readonly Results[], images: Tensor): Forward {
    return {
      logits: joined(runs, forwardGraph.logits, images),
      activations: joined(runs, forwardGraph.activations, images),
      context: new Crossing(model, forwardGraph, runs),
    };
  }

  /** Changed activations at any number of rows, or at the only one the model takes. Each in its own scope. */
  function eachTail(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    run: (
      own: DeviceTensor,
      crossing: readonly [string, Constant][],
      start: number,
      step: number,
    ) => Results,
  ): Results[] {
    const crossing = from.context as Crossing; // `forward` and `gradient` put it there
    const step = model.fixedBatch ?? rows.length;
    const runs: Results[] = [];
    for (let start = 0; start < rows.length; start += step) {
      const images = Array.from(
        { length: step },
        (_, i) => rows[Math.min(start + i, rows.length - 1)] ?? 0,
      );
      const own = fromTensor(rowsOf(activations, start, step));
      const picked = crossing.pick(tail, images);
      runs.push(inScope(tf, () => run(madeFrom(tf, own).tensor, picked, start, step)));
    }
    return runs;
  }
}

function withSlopes(results: Results, { gradients }: Differentiated): Results {
  const [own] = gradients;
  return own ? new Map([...results, [slopes, toConstant(own)]]) : results;
}
