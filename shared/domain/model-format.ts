import { message } from "../messages/catalogue.ts";
import type { ModelDescription } from "./model.ts";

/** "ONNX, opset 17, written by pytorch" */
export function formatWords({
  format = "onnx",
  opset,
  producer,
}: Pick<ModelDescription, "format" | "opset" | "producer">): string {
  const words =
    format === "onnx" ? message("model.format.onnx", { opset }) : message(`model.format.${format}`);
  return producer ? message("model.format.by", { format: words, producer }) : words;
}
