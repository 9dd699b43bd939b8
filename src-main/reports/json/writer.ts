import type { ReportWriter } from "../writer.ts";
import { bundleOf } from "./bundle.ts";

/** `bundle.json`. */
export const jsonWriter: ReportWriter = {
  id: "json",
  write: (data) => [{ name: "bundle.json", bytes: bundleOf(data) }],
};
