import type { Reading } from "../../../shared/domain/engine.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { tailOf } from "../outline.ts";
import { nameKernels } from "./missing-kernel.ts";
import { feedPictures } from "./pictures.ts";
import type { ProbedModel } from "./probe.ts";
import type { DeviceTensor } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";
import { inScope, toDevice, toHost } from "./scope.ts";

/**
 * Values of the model by name, as it lays them out; with a seed also the score's gradient at each that leads to it, one
 * tail after the other.
 */
export function readValues(
  { model, runtime }: { readonly model: ProbedModel; readonly runtime: TensorFlow },
  images: Tensor,
  names: readonly string[],
  seed: Tensor | null,
): Reading {
  const { program, outline } = model;
  const { tf, device } = runtime;
  const { logits, shapes, taps } = outline;
  for (const name of names)
    if (!shapes.has(name))
      fail("tap/unknown", { tap: name, known: taps.map((tap) => tap.name).join(", ") });
  return inScope(tf, () => {
    const feeds = new Map([feedPictures(tf, model, images)]);
    const where = { program, feeds, tf, device };
    const inner = names.filter((name) => !feeds.has(name));
    const made = nameKernels(() => program.run(feeds, [logits.name, ...inner]), where);
    const values = new Map([...feeds, ...inner.map((name, i) => [name, made[i + 1]] as const)]);
    const gradients = new Map<string, Tensor>();
    for (const name of seed ? names : []) {
      const found = nameKernels(() => gradientAt(name, values.get(name)), where);
      if (found) gradients.set(name, toHost(found));
    }
    return {
      logits: toHost(rowsOfScores(made[0])),
      values: new Map(names.flatMap((name) => entry(name, values.get(name)))),
      gradients,
    };

    function gradientAt(name: string, value: DeviceTensor | undefined): DeviceTensor | null {
      const tail = tailOf(outline, name);
      if (!value || !seed || tail.nodes.length === 0) return null;
      const crossing = program.run(feeds, tail.crossing);
      const others = tail.crossing.map((other, i) => [other, crossing[i]] as const);
      const weights = toDevice(tf, seed);
      return tf.grad((own) => {
        const from = new Map([...others, [name, own]] as [string, DeviceTensor][]); // `run` made each of them
        return tf.sum(tf.mul(rowsOfScores(program.run(from, [logits.name])[0]), weights));
      })(value);
    }

    function rowsOfScores(scores: DeviceTensor | undefined): DeviceTensor {
      if (!scores) throw new RangeError("the model made no scores");
      return tf.reshape(scores, [-1, logits.classes]);
    }
  });
}

function entry(name: string, value: DeviceTensor | undefined): [string, Tensor][] {
  return value ? [[name, toHost(value)]] : [];
}
