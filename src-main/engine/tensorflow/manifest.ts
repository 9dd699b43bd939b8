import type { io } from "@tensorflow/tfjs-core";

/** One weight as the manifest lists it, checked. */
export interface Weight {
  readonly spec: io.WeightsManifestEntry;
  /** Bytes it takes in its file, quantised or not. */
  readonly bytes: number;
}

/** Weights that lie one behind the other in the files of `paths`. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly Weight[];
}

/** Bytes of one value by type; strings have no fixed size and no place in a classifier. */
const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};
const mostWeights = 100_000;
const mostDims = 8;

/** Reads `weightsManifest`; `refuse` is told what is wrong with it. */
export function parseManifest(
  manifest: unknown,
  refuse: (why: string) => never,
): { readonly groups: readonly WeightGroup[]; readonly weights: readonly Weight[] } {
  if (!Array.isArray(manifest)) refuse("it does not say where its weights are (weightsManifest)");
  const groups = manifest.map((group: unknown): WeightGroup => {
    const { paths, weights } = asRecord(group);
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string"))
      refuse("its weightsManifest names no files");
    if (!Array.isArray(weights)) refuse("its weightsManifest lists no weights");
    return { paths, weights: weights.map((weight: unknown) => parseWeight(weight, refuse)) };
  });
  const weights = groups.flatMap((group) => group.weights);
  if (weights.length > mostWeights) refuse(`it lists ${weights.length} weights`);
  if (new Set(weights.map(({ spec }) => spec.name)).size < weights.length)
    refuse("it lists two weights of one name");
  return { groups, weights };
}

function parseWeight(weight: unknown, refuse: (why: string) => never): Weight {
  const { name, shape, dtype, quantization } = asRecord(weight);
  if (typeof name !== "string") refuse("it lists a weight without a name");
  const isShape =
    Array.isArray(shape) &&
    shape.length <= mostDims &&
    shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
  if (!isShape) refuse(`weight "${name}" has no readable shape`);
  if (typeof dtype !== "string" || !(dtype in bytesPerValue) || dtype === "float16")
    refuse(`weight "${name}" is of the type ${String(dtype)}`);
  const stored = quantization === undefined ? { dtype } : asRecord(quantization);
  const width = bytesPerValue[String(stored.dtype)];
  if (width === undefined)
    refuse(`weight "${name}" is quantised to the type ${String(stored.dtype)}`);
  if (quantization !== undefined && stored.dtype !== "float16") {
    const { scale, min } = asRecord(quantization);
    if (!Number.isFinite(scale) || !Number.isFinite(min))
      refuse(`weight "${name}" is quantised without a scale`);
  }
  const count = (shape as number[]).reduce((product, dim) => product * dim, 1); // checked above
  if (!Number.isSafeInteger(count * width)) refuse(`weight "${name}" has no readable shape`);
  const spec = { name, shape, dtype, ...(quantization ? { quantization } : {}) };
  return { spec: spec as Weight["spec"], bytes: count * width }; // every field was checked
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // any object's fields
}
