import type { ModelDescription, TapDescription } from "../../../shared/domain/model.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/** "3 × 224 × 224, NCHW"; a free side reads "any". */
export function inputWords(model: ModelDescription): string {
  const { channels, heightPx, widthPx, layout } = model.input;
  const free = message("intake.model.free");
  return message("intake.model.inputWords", {
    channels,
    height: heightPx ?? free,
    width: widthPx ?? free,
    layout,
  });
}

/** "20 × 20 map, /layer3/Relu_output_0". */
export function tapWords(tap: TapDescription): string {
  const grid = `${tap.grid[1]} × ${tap.grid[2]}`;
  return message("intake.model.layerWords", { grid, name: tap.name });
}
