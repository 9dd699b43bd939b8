import { readFile } from "node:fs/promises";
import type { FitOptions, Fitted } from "../../shared/domain/fit.ts";
import { methods } from "../../shared/domain/methods.ts";
import { fail, toErrorJson } from "../../shared/errors/app-error.ts";
import { fitBatch } from "./cam/fit.ts";
import type { MethodFit } from "./cam/method.ts";
import { methodById } from "./cam/registry.ts";
import { stackInputs } from "./input-batch.ts";
import type { MapRun } from "./map-run.ts";
import type { FitItem, FitOutcome, FitPack } from "./protocol.ts";
import { ReaderPool } from "./reader-pool.ts";

/** What a run's method learns before its maps: vectors of labelled pictures, batch by batch, then its solution. */
export class FitRun {
  readonly #run: MapRun;
  readonly #fit: MethodFit;
  readonly #readers = new ReaderPool();

  constructor(run: MapRun) {
    const { method } = run.spec;
    this.#run = run;
    this.#fit =
      methodById(method).fit ?? fail("method/unsupported", { method: methods[method].label });
  }

  /** Vectors of `items`, by one forward pass. A picture that cannot be read is its own failure. */
  async vectors(items: readonly FitItem[]): Promise<readonly FitOutcome[]> {
    const { session, spec } = this.#run;
    const read = await Promise.all(
      items.map((item) =>
        this.#readers.read(item.path, spec.preparation).then(({ input }) => input, toErrorJson),
      ),
    );
    const inputs = read.filter((one) => one instanceof Float32Array);
    const made =
      inputs.length === 0
        ? []
        : await fitBatch({
            session,
            fit: this.#fit,
            images: stackInputs(inputs, spec.preparation),
            layout: spec.preparation.layout,
            labels: items
              .filter((_, i) => read[i] instanceof Float32Array)
              .map(({ labels }) => labels),
          });
    let next = 0;
    return items.map(({ no }, i): FitOutcome => {
      const one = read[i];
      if (!(one instanceof Float32Array)) return { no, vectors: [], empty: 0, error: one };
      return { no, ...made[next++], error: null };
    });
  }

  /** What follows from the vectors of `pack`: rows of item, label (32-bit whole numbers) and `k` floats. */
  async solve(pack: FitPack, options: FitOptions): Promise<Fitted> {
    const { session, spec } = this.#run;
    const { path, rows, k } = pack;
    const bytes = await readFile(path);
    const row = 8 + 4 * k;
    if (bytes.length < rows * row) throw new RangeError(`the pack has ${bytes.length} bytes`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const cache = {
      items: new Int32Array(rows),
      labels: new Int32Array(rows),
      values: new Float32Array(rows * k),
    };
    for (let r = 0, at = 0; r < rows; r++, at += row) {
      cache.items[r] = view.getInt32(at, true);
      cache.labels[r] = view.getInt32(at + 4, true);
      for (let i = 0; i < k; i++) cache.values[r * k + i] = view.getFloat32(at + 8 + 4 * i, true);
    }
    return this.#fit.solve(
      {
        ...cache,
        ...pack,
        outputs: session.description.output.classes,
        headWeights: session.head.kind === "pooled-linear" ? session.head.weights : null,
        seed: spec.seed,
      },
      options,
    );
  }

  close(): Promise<void> {
    return this.#readers.close();
  }
}
