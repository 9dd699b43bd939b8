import type { Tensor as DeviceTensor } from "@tensorflow/tfjs-core";
import type { Reading, ReadScore } from "../../../../shared/domain/engine.ts";
import type { Tensor } from "../../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../../compile/analysed-model.ts";
import { compileReading } from "../../compile/reading.ts";
import type { Constant } from "../../onnx/graph.ts";
import { descendantsOf, withOutputs } from "../../onnx/walk.ts";
import { joinRows } from "../../session/crossing.ts";
import { rowsOf, toConstant as fromTensor, toTensor } from "../../session/feed.ts";
import { eachBatch, onHost, valueIn, valuesOf, type Executors, type Results } from "./batches.ts";
import { differentiate } from "./differentiate.ts";
import type { Device } from "./executor.ts";
import { madeFrom, toConstant, type Made } from "./value.ts";

export interface ReadRequest {
  readonly images: Tensor;
  readonly names: readonly string[];
  readonly seed: Tensor | null;
  readonly score: ReadScore;
}

/**
 * Values of the graph by name, and the score's gradients there: by zeros added to each of them, all in one pass. A score
 * that is each block's own is a graph of the compiler's, run here as it is.
 */
export function readValues(
  device: Device,
  executors: Executors,
  model: AnalysedModel,
  { images, names, seed, score }: ReadRequest,
): Reading {
  const { tf } = device;
  const logits = model.logits.name;
  const own = seed && score !== "model" ? score : null;
  const reading = compileReading(model, names, own);
  const values = executors.of(`read ${own} ${names.join()}`, () => reading.graph);
  const led = names.filter(
    (name) => name === model.image.name || descendantsOf(model.graph, [name]).has(logits),
  );
  const sources = own ? reading.gradients : new Map(led.map((name) => [name, `gradient ${name}`]));
  const runs = eachBatch(device, model, images, (image, from, count) => {
    const weights = seed && madeFrom(tf, fromTensor(rowsOf(seed, from, count)));
    const feeds = new Map([[model.image.name, image]]);
    if (own && weights && reading.seed) feeds.set(reading.seed, weights);
    const made = valuesOf(values, feeds);
    if (own || !weights || led.length === 0) return onHost(made);
    const starts = led.map((name) =>
      name === model.image.name ? image.tensor : tf.zerosLike(valueIn(made, name)),
    );
    const gradients = slopes(image, starts, weights.tensor);
    const slopesOf = led.map(
      (name, i) => [`gradient ${name}`, toConstant(gradients[i] as DeviceTensor)] as const,
    ); // one for each
    return new Map([...onHost(made), ...slopesOf]);
  });
  const [rows = 0] = images.dims;
  return {
    logits: wholeOf(runs, logits, rows),
    values: new Map(names.map((name) => [name, wholeOf(runs, name, rows)])),
    gradients: seed
      ? new Map([...sources].map(([name, source]) => [name, wholeOf(runs, source, rows)]))
      : new Map(),
  };

  function slopes(
    image: Made,
    starts: readonly DeviceTensor[],
    weights: DeviceTensor,
  ): readonly DeviceTensor[] {
    const whole = executors.of("logits", () => withOutputs(model.graph, [logits]));
    const scoreOf = (moved: readonly DeviceTensor[]) => {
      const added = new Map(led.map((name, i) => [name, moved[i] as DeviceTensor])); // one for each
      const tensor = added.get(model.image.name) ?? image.tensor;
      const [result] = whole.run(new Map([[model.image.name, { ...image, tensor }]]), added);
      return result as DeviceTensor; // the graph's one output
    };
    return differentiate(device, scoreOf, starts, weights, led.join(", ")).gradients;
  }
}

/** A value of any axes from one run, rows from several. */
function wholeOf(runs: readonly Results[], name: string, rows: number): Tensor {
  const parts = runs.flatMap((run): Constant[] => {
    const part = run.get(name);
    return part ? [part] : [];
  });
  return toTensor(parts.length === 1 ? parts[0] : joinRows(parts, rows));
}
