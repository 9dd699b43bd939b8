import type { PictureWindow } from "../domain/picture-window.ts";
import { message } from "./catalogue.ts";

/** How values become greys, as a person reads it: "CT lung, 1500 / −600". */
export function windowWords(window: PictureWindow): string {
  if (window.kind === "preset") return message(`window.${window.id}`);
  if (window.kind !== "fixed") return message(`window.${window.kind}`);
  const { width, centre } = window;
  return message("window.fixed", { width, centre: String(centre).replace("-", "−") });
}
