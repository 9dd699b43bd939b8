import type { RelevanceStep } from "../compile/relevance-plan.ts";
import type { DeviceTensor, Program } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";

/** The model with only the positive part of its kernels, and with only the negative; neither has a bias. */
export interface Halves {
  readonly plus: Program;
  readonly minus: Program;
}

/** What a sweep runs on. */
export interface Sweep {
  readonly tf: TensorFlow["tf"];
  readonly program: Program;
  readonly halves: Halves;
  readonly values: ReadonlyMap<string, DeviceTensor>;
  readonly steps: readonly RelevanceStep[];
}

/**
 * Takes relevance back, step by step, to `to`: each hands what lies at its output to its inputs by the rule that the plan names.
 * `relevances` holds what lies at the value where it begins.
 */
export function sweepBack(
  sweep: Sweep,
  relevances: Map<string, DeviceTensor>,
  to: string,
): DeviceTensor {
  const { tf, steps } = sweep;
  for (const planned of steps) {
    const { step } = planned;
    const parts = partsOf(
      sweep,
      planned,
      step.outputs.map((name) => relevances.get(name)),
    );
    planned.into.forEach((input, i) => {
      const name = step.inputs[input] ?? "";
      const part = parts[i];
      const before = relevances.get(name);
      if (part) relevances.set(name, before ? tf.add(before, part) : part);
    });
  }
  const found = relevances.get(to);
  if (!found) throw new RangeError("no relevance arrived, though there is a way");
  return found;
}

/** Relevance at the inputs that it goes to, in the order of `into`. */
function partsOf(
  sweep: Sweep,
  planned: RelevanceStep,
  given: readonly (DeviceTensor | undefined)[],
): readonly DeviceTensor[] {
  const { tf, program, halves, values } = sweep;
  const { step, kind, into, outputs } = planned;
  const [relevance] = given;
  const valueOf = (name: string): DeviceTensor => {
    const value = values.get(name);
    if (!value) throw new RangeError(`nothing is known of "${name}"`);
    return tf.cast(value, "float32");
  };
  const [first = ""] = step.inputs;
  if (kind !== "moved" && !relevance) throw new RangeError(`no relevance lies at "${step.name}"`);
  const own = relevance as DeviceTensor; // seen to be there, or not read
  switch (kind) {
    case "unchanged":
      return [own];
    case "alone":
      return into.map((i) => unbroadcast(tf, own, valueOf(step.inputs[i] ?? "").shape));
    case "split": {
      const shares = into.map((i) => {
        const value = valueOf(step.inputs[i] ?? "");
        return tf.relu(planned.isSubtracted && i === 1 ? tf.neg(value) : value);
      });
      const share = tf.divNoNan(own, tf.addN(broadcast(tf, shares)));
      return shares.map((part) => unbroadcast(tf, tf.mul(part, share), part.shape));
    }
    case "product":
    case "average": {
      const x = valueOf(first);
      const [output = ""] = outputs;
      const parts = kind === "average" ? [{ input: tf.relu(x), of: program }] : halvesOf(x);
      const run = (of: Program) => (input: DeviceTensor) => {
        const [made] = of.run(new Map([[first, input]]), [output]);
        if (!made) throw new RangeError(`"${step.name}" made nothing`);
        return made;
      };
      const total = parts.map(({ input, of }) => run(of)(input)).reduce((a, b) => tf.add(a, b));
      const share = tf.divNoNan(own, total);
      return [
        parts
          .map(({ input, of }) => tf.mul(input, tf.grad(run(of))(input, share)))
          .reduce((a, b) => tf.add(a, b)),
      ];
    }
    case "maximum": {
      const [output = ""] = outputs;
      const seed = tf.where(tf.greater(valueOf(output), 0), own, tf.zerosLike(own));
      const run = (input: DeviceTensor) => {
        const [made] = program.run(new Map([[first, input]]), [output]);
        return made ?? input;
      };
      return [tf.grad(run)(valueOf(first), seed)];
    }
    case "moved": {
      const wanted = into.map((i) => step.inputs[i] ?? "");
      const others = step.inputs.filter((name) => !wanted.includes(name));
      const fixed = others.map((name): [string, DeviceTensor] => [name, valueOf(name)]);
      const run = (...inputs: DeviceTensor[]) => {
        const from = wanted.map((name, i) => [name, inputs[i]] as [string, DeviceTensor]); // one for each
        const made = program.run(new Map([...fixed, ...from]), outputs);
        return made
          .flatMap((value, i) => {
            const seed = given[i];
            return seed ? [tf.sum(tf.mul(value, seed))] : [];
          })
          .reduce((a, b) => tf.add(a, b));
      };
      return tf.grads(run)(wanted.map(valueOf));
    }
  }

  /** The halves of a product: z⁺, or on the picture zβ with its own smallest and largest value. */
  function halvesOf(x: DeviceTensor): readonly { input: DeviceTensor; of: Program }[] {
    const { plus, minus } = halves;
    if (planned.isPicture) {
      const axes = x.shape.map((_, axis) => axis).slice(1);
      return [
        { input: tf.sub(x, tf.min(x, axes, true)), of: plus },
        { input: tf.sub(x, tf.max(x, axes, true)), of: minus },
      ];
    }
    if (planned.isNonNegative(first)) return [{ input: x, of: plus }];
    return [
      { input: tf.relu(x), of: plus },
      { input: tf.minimum(x, 0), of: minus },
    ];
  }
}

/** Sums over the axes along which a value was repeated. */
function unbroadcast(
  tf: TensorFlow["tf"],
  relevance: DeviceTensor,
  shape: readonly number[],
): DeviceTensor {
  if (relevance.shape.join() === shape.join()) return relevance;
  const extra = relevance.shape.length - shape.length;
  const axes = relevance.shape.flatMap((size, axis) =>
    axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : [],
  );
  return tf.reshape(tf.sum(relevance, axes), [...shape]);
}

/** All of the largest one's shape. */
function broadcast(tf: TensorFlow["tf"], values: readonly DeviceTensor[]): DeviceTensor[] {
  const zero = values.map((value) => tf.zerosLike(value)).reduce((a, b) => tf.add(a, b));
  return values.map((value) => tf.add(value, zero));
}
