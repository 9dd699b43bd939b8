import type { Message } from "../catalogue.ts";

/** English: what only the desktop host says. */
export const desktop = {
  "desktop.menu.file": "File",
  "desktop.menu.view": "View",
  "desktop.quit.question": "A run is active. Pause it and close?",
  "desktop.quit.detail": "Finished maps are kept. The run goes on when the audit is opened again.",
  "desktop.quit.pause": "Pause and close",
  "desktop.quit.cancel": "Cancel",
} satisfies Record<string, Message>;
