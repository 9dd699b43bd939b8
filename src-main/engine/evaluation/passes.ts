import type { Tensor } from "../../../shared/domain/tensor.ts";
import { classProbability } from "../kernels/scores.ts";

/** The answer to one asked-for input, readable once the passes have run. */
export interface Answer {
  readonly logits: Float32Array;
}

interface Asked {
  readonly make: () => Float32Array;
  logits: Float32Array | null;
}

/**
 * The forward passes of one image, collected from all its measures before any is run: an input asked for twice under
 * one key is run once. Inputs are made chunk by chunk, so that memory holds one chunk; a failing pass leaves every
 * answer of its chunk unset and throws.
 */
export class Passes {
  readonly #dims: readonly number[];
  readonly #asked = new Map<string, Asked>();
  /** Rows that went through the model so far. */
  forwards = 0;

  /** `dims` of one input, without the batch axis. */
  constructor(dims: readonly number[]) {
    this.#dims = dims;
  }

  /** Asks for the answer to an input; the same key means the same input. */
  ask(key: string, make: () => Float32Array): Answer {
    const asked = this.#asked.get(key) ?? { make, logits: null };
    this.#asked.set(key, asked);
    return {
      get logits() {
        if (!asked.logits) throw new RangeError(`"${key}" has not been run`);
        return asked.logits;
      },
    };
  }

  /** An answer that is known already. */
  know(key: string, logits: Float32Array): Answer {
    this.#asked.set(key, { make: () => new Float32Array(0), logits });
    return { logits };
  }

  /** Runs everything that was asked for and has no answer yet, `chunk` inputs at a time. */
  async run(forward: (images: Tensor) => Promise<Tensor>, chunk: number): Promise<void> {
    const waiting = [...this.#asked.values()].filter(({ logits }) => logits === null);
    for (let from = 0; from < waiting.length; from += chunk) {
      const asked = waiting.slice(from, from + chunk);
      const size = this.#dims.reduce((product, dim) => product * dim, 1);
      const data = new Float32Array(asked.length * size);
      asked.forEach(({ make }, i) => data.set(make(), i * size));
      const answers = await forward({ dims: [asked.length, ...this.#dims], data });
      const classes = answers.data.length / asked.length;
      asked.forEach((one, i) => {
        one.logits = answers.data.slice(i * classes, (i + 1) * classes);
      });
      this.forwards += asked.length;
    }
  }
}

/** Probability of class `c` in an answer. */
export function scoreOf({ logits }: Answer, c: number): number {
  return classProbability(logits, c);
}
