import { intConstant } from "../onnx/constant.ts";
import type { MapExport, MapWriter } from "./map-writer.ts";

/** Methods that multiply position by position: map = Σ_k f(G_k, A_k). The papers stand in `engine/cam`. */
function summed({ write }: MapWriter, products: string): string {
  return write("ReduceSum", [products, intConstant([1])], { keepdims: 0 });
}

/** Σ G·A */
export const hiResCam: MapExport = (writer, { activations, gradients }) =>
  summed(writer, writer.write("Mul", [gradients(), activations]));

/** Σ relu(G·A) */
export const gradCamElementwise: MapExport = (writer, { activations, gradients }) =>
  summed(writer, writer.write("Relu", [writer.write("Mul", [gradients(), activations])]));

/** Σ relu(G)·A */
export const layerCam: MapExport = (writer, { activations, gradients }) =>
  summed(writer, writer.write("Mul", [writer.write("Relu", [gradients()]), activations]));
