import type { Message } from "../catalogue.ts";

/** English: review. */
export const review = {} satisfies Record<string, Message>;
