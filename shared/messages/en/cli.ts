import type { Message } from "../catalogue.ts";

/** English: cli. */
export const cli = {} satisfies Record<string, Message>;
