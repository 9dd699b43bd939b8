import type { WeightChanges, WeightLayer, WeightTensor } from "../../../shared/domain/weights.ts";
import { sizeOf } from "../../../shared/domain/tensor.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { Weight } from "./manifest.ts";
import type { TensorFlowFiles } from "./model-files.ts";
import type { ProbedModel } from "./probe.ts";
import type { LearntWeight } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";
import { inScope, toHost } from "./scope.ts";

/**
 * Every layer with weights that leads to the score, from the output to the input. A tensor that two layers share belongs to
 * the one nearer to the output, a bias that is added in a step of its own to the layer that it is added to. Refuses with
 * `sheet/no-weights`.
 */
export function weightLayersOf(
  files: TensorFlowFiles,
  { program, outline }: ProbedModel,
  runtime: TensorFlow,
): readonly WeightLayer[] {
  const tensors = new Map(placed(files).map((one) => [one.spec.name, one]));
  const steps = new Map(program.steps.map((step) => [step.name, step]));
  const wanted = new Set([outline.logits.name]);
  const taken = new Set<string>();
  const biases = new Map<string, readonly LearntWeight[]>();
  const layers: WeightLayer[] = [];
  for (const { name, op, inputs, outputs } of outline.graph.nodes.toReversed()) {
    if (!outputs.some((output) => wanted.has(output))) continue;
    for (const input of inputs) wanted.add(input);
    const added = outputs.flatMap((output) => biases.get(output) ?? []);
    const own = [...(steps.get(name)?.learnt ?? []), ...added].filter(
      (weight) => !taken.has(weight.name),
    );
    if (own.length > 0 && own.every(({ role }) => role === "bias"))
      biases.set(inputs[0] ?? "", own);
    else if (own.length > 0) {
      for (const weight of own) taken.add(weight.name);
      layers.push({ name, op, tensors: own.flatMap((weight) => tensorOf(weight)) });
    }
  }
  return layers.length > 0 ? layers : fail("sheet/no-weights", { file: files.fileName });

  function tensorOf({ name, role }: LearntWeight): WeightTensor[] {
    const found = tensors.get(name);
    if (!found) return [];
    return [{ name, role, dims: found.spec.shape, values: () => valuesOf(found, runtime) }];
  }
}

/** The same model with other weights under the same names; a quantised one becomes float32 itself. */
export function replaceWeights(files: TensorFlowFiles, changes: WeightChanges): TensorFlowFiles {
  const all = placed(files);
  const names = new Set(all.map(({ spec }) => spec.name));
  for (const name of changes.keys())
    if (!names.has(name)) throw new RangeError(`"${name}" is no weight`);
  const parts = all.map(({ spec, bytes, stored }) => {
    const values = changes.get(spec.name);
    if (!values) return { weight: { spec, bytes }, stored };
    const { name, shape } = spec;
    if (sizeOf(shape) !== values.length)
      throw new RangeError(`"${name}" is no weight of ${values.length} values`);
    const other = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const own = { name, shape, dtype: "float32" as const };
    return { weight: { spec: own, bytes: other.length }, stored: other };
  });
  return {
    ...files,
    weights: parts.map(({ weight }) => weight),
    bytes: Buffer.concat(parts.map(({ stored }) => stored)),
  };
}

interface PlacedWeight extends Weight {
  /** Its bytes as the file holds them. */
  readonly stored: Uint8Array;
}

function placed({ weights, bytes }: TensorFlowFiles): readonly PlacedWeight[] {
  let at = 0;
  return weights.map((weight) => {
    const stored = bytes.subarray(at, at + weight.bytes);
    at += weight.bytes;
    return { ...weight, stored };
  });
}

/** As TensorFlow.js reads it, dequantised. */
function valuesOf({ spec, stored }: PlacedWeight, { tf }: TensorFlow): Float32Array {
  return inScope(tf, () => {
    const own = Uint8Array.from(stored).buffer; // a buffer of its own
    const [value] = Object.values(tf.io.decodeWeights(own, [spec]));
    return value ? toHost(value).data : new Float32Array(0);
  });
}
