import type { TapDescription } from "../../../shared/domain/model.ts";
import type { Graph, Shapes } from "../onnx/graph.ts";
import type { ImageInput } from "../passes/image-input.ts";
import type { Logits } from "../passes/logits.ts";

/**
 * The graph compiler: ONNX Runtime has no backward pass, so the model is rewritten until one `run` returns logits, tap
 * and gradient. `analyse` brings a model into the one form that rules and taps are written for; the other files of this
 * folder make the graphs of a tap. Local functions of our own for the backward nodes were passed over: they are checked against
 * the model's opset anyway.
 */

/** A model in the form that taps and gradients work on. */
export interface AnalysedModel {
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** As the file states it; half-precision inputs are float32 in `graph`. */
  readonly image: ImageInput;
  readonly heightPx: number;
  readonly widthPx: number;
  /** The only batch size `graph` takes, where it could not be freed; null: any. */
  readonly fixedBatch: number | null;
  readonly logits: Omit<Logits, "graph" | "shapes">;
  /** The default first. */
  readonly taps: readonly TapDescription[];
}
