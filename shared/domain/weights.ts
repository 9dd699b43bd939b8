/** What a tensor of weights is to its layer; the statistics of a normalisation belong together. */
export type WeightRole = "kernel" | "bias" | "statistic";

/** One tensor of learnt numbers, under the name that the engine knows it by. */
export interface WeightTensor {
  readonly name: string;
  readonly role: WeightRole;
  readonly dims: readonly number[];
  /** As float32: dequantised where the file holds integers. */
  values(): Float32Array;
}

/** A layer with weights. */
export interface WeightLayer {
  readonly name: string;
  /** Its operator, as the engine calls it. */
  readonly op: string;
  readonly tensors: readonly WeightTensor[];
}

/** Other values for tensors of weights, by name: as many as the tensor has. */
export type WeightChanges = ReadonlyMap<string, Float32Array>;
