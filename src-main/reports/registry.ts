import { csvWriter } from "./csv/writer.ts";
import { jsonWriter } from "./json/writer.ts";
import type { ReportWriter } from "./writer.ts";

/** Every format that is plain data; the PDF is written last, over what these wrote. */
export const dataWriters: readonly ReportWriter[] = [csvWriter, jsonWriter];
