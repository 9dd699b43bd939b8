import type { MethodId } from "./method-id.ts";

/** A value that an exported graph takes or returns; a name among the dims is a size left open. */
export interface GraphValue {
  readonly name: string;
  readonly elementType: string;
  readonly dims: readonly (number | string)[];
}

/** One ONNX file from pictures to logits and a map. */
export interface ExportedGraph {
  /** Name of the file. */
  readonly file: string;
  readonly bytes: number;
  readonly opset: number;
  readonly method: MethodId;
  readonly tap: string;
  readonly input: GraphValue;
  readonly outputs: readonly GraphValue[];
  /**
   * Largest difference from the app's own logits and map on seeded noise, as a share of the maximum; null where that map
   * is rounding or no number, and the logits alone were compared.
   */
  readonly difference: number | null;
}
