import type { Message } from "../catalogue.ts";

/** English: grid. */
export const grid = {} satisfies Record<string, Message>;
