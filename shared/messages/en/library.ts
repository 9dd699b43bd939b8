import type { Message } from "../catalogue.ts";

/** English: library. */
export const library = {} satisfies Record<string, Message>;
