import type { Tensor as DeviceTensor } from "@tensorflow/tfjs-core";
import type { Tensor } from "../../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../../compile/analysed-model.ts";
import type { Constant, Graph } from "../../onnx/graph.ts";
import { joinRows } from "../../session/crossing.ts";
import { rowsOf, toImages, toTensor } from "../../session/feed.ts";
import { inScope } from "../scope.ts";
import { Executor, type Device } from "./executor.ts";
import { madeFrom, toConstant, type Made } from "./value.ts";

/** Outputs of one batch by name, on the host. */
export type Results = ReadonlyMap<string, Constant>;
/** The same, on the device. */
export type Values = ReadonlyMap<string, DeviceTensor>;

/** Graphs of one model, brought to the device when they are first asked for. */
export class Executors {
  readonly #device: Device;
  readonly #opened = new Map<string, Executor>();

  constructor(device: Device) {
    this.#device = device;
  }

  of(name: string, graph: () => Graph): Executor {
    const known = this.#opened.get(name) ?? new Executor(this.#device, graph());
    this.#opened.set(name, known);
    return known;
  }

  close(): void {
    for (const executor of this.#opened.values()) executor.close();
    this.#opened.clear();
  }
}

/** Runs a graph; outputs by name. */
export function valuesOf(executor: Executor, feeds: ReadonlyMap<string, Made>): Values {
  const made = executor.run(feeds);
  return new Map(
    executor.graph.outputs.flatMap(({ name }, i) => (made[i] ? [[name, made[i]] as const] : [])),
  );
}

/** One of them. */
export function valueIn(values: Values, name: string): DeviceTensor {
  const value = values.get(name);
  if (!value) throw new RangeError(`nothing made "${name}"`);
  return value;
}

export function onHost(values: Values): Map<string, Constant> {
  return new Map([...values].map(([name, tensor]) => [name, toConstant(tensor)]));
}

/** Images in batches that the model takes: any, or its only one, which the last image fills up. Each in its own scope. */
export function eachBatch(
  { tf }: Device,
  model: AnalysedModel,
  images: Tensor,
  run: (image: Made, from: number, count: number) => Results,
): Results[] {
  const [rows = 0] = images.dims;
  const step = model.fixedBatch ?? rows;
  const runs: Results[] = [];
  for (let from = 0; from < rows; from += step)
    runs.push(
      inScope(tf, () => {
        const image = madeFrom(tf, toImages(model, rowsOf(images, from, step)));
        return run(image, from, step);
      }),
    );
  return runs;
}

/** One output of all runs, with as many rows as `like` has. */
export function joined(runs: readonly Results[], name: string, like: Tensor): Tensor {
  const parts = runs.flatMap((run) => run.get(name) ?? []);
  return toTensor(joinRows(parts, like.dims[0]));
}
