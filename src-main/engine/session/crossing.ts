import { sizeOf } from "../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import type { ForwardGraph } from "../compile/forward.ts";
import type { TailGraph } from "../compile/tail.ts";
import { countOf } from "../onnx/constant.ts";
import type { Constant } from "../onnx/graph.ts";

/** Results of one run, by name. */
type Results = ReadonlyMap<string, Constant>;

/**
 * What a tail reads besides the activations (prefix tokens, skip connections), kept from a forward pass: whole batches,
 * one per run.
 */
export class Crossing {
  readonly #runs: readonly Results[];
  readonly #sources: ReadonlyMap<string, string>;
  readonly #model: AnalysedModel;

  constructor(model: AnalysedModel, graph: ForwardGraph, runs: readonly Results[]) {
    this.#model = model;
    this.#sources = graph.crossing;
    this.#runs = graph.crossing.size > 0 ? runs : [];
  }

  /** Feeds for a run of the tail in which row i belongs to image `images[i]`. */
  pick(tail: TailGraph, images: readonly number[]): [string, Constant][] {
    const names = [...tail.crossing, ...(tail.prefix ? [tail.prefix] : [])];
    return names.map((name) => {
      const source = this.#sources.get(name) ?? name;
      const step = this.#model.fixedBatch;
      if (step === 1) return [name, valueOf(this.#runs[images[0] ?? 0], source)];
      if (step === null)
        return [name, gather(valueOf(this.#runs[0], source), images, this.#batchOf(name))];
      const rows = images.map((image) => {
        const run = valueOf(this.#runs[Math.floor(image / step)], source);
        return gather(run, [image % step], { axis: 0, factor: (run.dims[0] ?? step) / step });
      });
      return [name, joinRows(rows)];
    });
  }

  /** Where a value carries the batch, and how many entries one image has there. */
  #batchOf(name: string): { axis: number; factor: number } {
    const factors = this.#model.shapes.get(name)?.batchFactor ?? [1];
    const axis = Math.max(0, factors.findIndex(Boolean));
    return { axis, factor: factors[axis] || 1 };
  }
}

function valueOf(run: Results | undefined, name: string): Constant {
  const value = run?.get(name);
  if (!value) throw new RangeError(`the forward pass kept no "${name}"`);
  return value;
}

/** The blocks of these images along the batch axis. */
function gather(
  value: Constant,
  images: readonly number[],
  { axis, factor }: { axis: number; factor: number },
): Constant {
  const outer = sizeOf(value.dims.slice(0, axis));
  const extent = value.dims[axis] ?? 1;
  const block = (value.bytes.length / outer / extent) * factor;
  const bytes = new Uint8Array(outer * images.length * block);
  const count = extent / factor;
  for (let o = 0; o < outer; o++)
    images.forEach((image, i) => {
      const from = (o * count + image) * block;
      bytes.set(value.bytes.subarray(from, from + block), (o * images.length + i) * block);
    });
  const dims = value.dims.map((dim, i) => (i === axis ? images.length * factor : dim));
  return { type: value.type, dims, bytes };
}

/** Rows of the same size, one below the other. */
export function joinRows(parts: readonly Constant[], most = Infinity): Constant {
  const [first] = parts;
  if (!first) throw new RangeError("nothing was run");
  if (parts.length === 1 && (first.dims[0] ?? 0) <= most) return first;
  const rest = first.dims.slice(1);
  const rows = Math.min(
    most,
    parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0),
  );
  const width = first.bytes.length / Math.max(1, countOf(first.dims));
  const bytes = new Uint8Array(rows * countOf(rest) * width);
  let at = 0;
  for (const part of parts) {
    const taken = part.bytes.subarray(0, bytes.length - at);
    bytes.set(taken, at);
    at += taken.length;
  }
  return { type: first.type, dims: [rows, ...rest], bytes };
}
