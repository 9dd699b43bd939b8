import { methods as methodFacts } from "../../shared/domain/methods.ts";
import type { MeasuredSheet } from "../../shared/domain/sheet.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { methodById } from "./cam/registry.ts";
import { inputSize } from "./images/prepare.ts";
import { stackInputs } from "./input-batch.ts";
import { seedOf, spreadOf } from "./map-run.ts";
import { openAnyModel, type AnyModel } from "./open-any-model.ts";
import type { EngineRequests, SheetItem, SheetSpec } from "./protocol.ts";
import { ReaderPool } from "./reader-pool.ts";
import { makeSheet, type SanityImage, type SheetProgress } from "./sanity/make-sheet.ts";
import { meanColourInput, noiseInput } from "./sanity/null-input.ts";

/** A reliability sheet at work: a few maps a call, so that whoever asks can stop in between. ONNX on the processor. */
export class SheetRun {
  readonly #model: AnyModel;
  readonly #making: AsyncGenerator<SheetProgress, MeasuredSheet>;
  readonly #close: () => Promise<void>;
  #last: SheetProgress = { tried: 0, planned: 0 };

  private constructor(
    model: AnyModel,
    making: AsyncGenerator<SheetProgress, MeasuredSheet>,
    close: () => Promise<void>,
  ) {
    this.#model = model;
    this.#making = making;
    this.#close = close;
  }

  /** Reads the pictures and opens the model. Refuses with the catalogue's `sheet/…`, and what the method refuses with. */
  static async open(spec: SheetSpec): Promise<SheetRun> {
    const { preparation, method: id } = spec;
    const { widthPx, heightPx, layout } = preparation;
    const images = await readImages(spec);
    if (images.length === 0) fail("sheet/no-images", {});
    const model = await openAnyModel(spec.modelPath, { widthPx, heightPx });
    try {
      const layers = model.layers();
      const session = await model.open(spec.tap);
      const support = session.methods.find(({ method }) => method === id);
      if (support?.refusal) throw new AppError(support.refusal.code, support.refusal.details);
      const size = inputSize(preparation);
      const making = makeSheet({
        model: {
          session,
          layers,
          withWeights: (changes) => model.withWeights(spec.tap, changes),
        },
        method: methodById(id),
        isClassSpecific: methodFacts[id].isClassSpecific,
        fitted: spec.fitted,
        images,
        unreadable: spec.items.length - images.length,
        dims: stackInputs([new Float32Array(size)], preparation).dims,
        layout,
        inputSpread: spreadOf(preparation),
        nulls: [
          { kind: "mean-colour", input: meanColourInput(preparation, size) },
          { kind: "noise", input: noiseInput(preparation, size, spec.seed) },
        ],
        forwards: support?.forwards ?? 1,
        order: spec.order,
        isSmooth: spec.isSmooth,
        seed: spec.seed,
      });
      return new SheetRun(model, making, () => session.close());
    } catch (cause) {
      await model.close();
      throw cause;
    }
  }

  async next(): Promise<EngineRequests["sheetNext"]["out"]> {
    const step = await this.#making.next();
    if (step.done) {
      const { planned } = this.#last;
      return { tried: planned, planned, sheet: step.value };
    }
    this.#last = step.value;
    return { ...step.value, sheet: null };
  }

  async close(): Promise<void> {
    await this.#making.return(undefined as never); // closes the session of a step it stopped in
    await this.#close();
    await this.#model.close();
  }
}

/** Those that can be read, in the order given. */
async function readImages({ items, preparation, seed }: SheetSpec): Promise<SanityImage[]> {
  const readers = new ReaderPool();
  const read = async ({ no, path, group, stored }: SheetItem): Promise<SanityImage> => {
    const { input } = await readers.read(path, preparation);
    return { input, group, stored, randomSeed: seedOf(seed, no) };
  };
  try {
    const settled = await Promise.allSettled(items.map(read));
    return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  } finally {
    await readers.close();
  }
}
