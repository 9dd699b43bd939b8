import type { Message } from "../catalogue.ts";

/** English: intake. */
export const intake = {} satisfies Record<string, Message>;
