import type { Message } from "../catalogue.ts";

/** English: runs. */
export const runs = {} satisfies Record<string, Message>;
