import type { Message } from "../catalogue.ts";

/** English: reasons. */
export const reasons = {} satisfies Record<string, Message>;
