import type { Message } from "../catalogue.ts";

/** English: frame. */
export const frame = {} satisfies Record<string, Message>;
