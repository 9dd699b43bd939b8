import type { Message } from "../catalogue.ts";

/** English: report. */
export const report = {} satisfies Record<string, Message>;
