/** What is read of a keyboard event. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * Whether a press is the keys as written in the key list ("Ctrl+Shift+J", "Shift+O", "1", "Alt+←", "?"). Ctrl is
 * Command on a Mac. Digits go by position, since some layouts need Shift for them; letters and signs follow the
 * character that the layout types.
 */
export function isPressed(keys: string, press: KeyPress, isMac: boolean): boolean {
  const parts = keys.split("+").map((part) => part.trim());
  const last = keys.endsWith("+") ? "+" : (parts.at(-1) ?? "");
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const command = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (command !== wants("Ctrl") || press.altKey !== wants("Alt") || other) return false;

  if (/^\d$/.test(last)) {
    const isDigit = press.code === `Digit${last}` || press.code === `Numpad${last}`;
    return isDigit && press.shiftKey === wants("Shift");
  }
  const named = names[last];
  if (named !== undefined) return press.key === named && press.shiftKey === wants("Shift");
  // Shift is part of typing a sign ("?" on most layouts), but a choice with a letter.
  if (!/^\p{L}$/u.test(last)) return press.key === last;
  return press.key.toLowerCase() === last.toLowerCase() && press.shiftKey === wants("Shift");
}

/** How the key list writes a press; null for a modifier alone, and for what no command may take (Tab, Enter, Esc alone). */
export function writtenKeys(press: KeyPress, isMac: boolean): string | null {
  const { key, code, altKey, shiftKey } = press;
  if (["Control", "Shift", "Alt", "Meta", "AltGraph", "Dead"].includes(key)) return null;
  const isCommand = isMac ? press.metaKey : press.ctrlKey;
  if (["Tab", "Enter", "Escape"].includes(key) && !isCommand && !altKey) return null;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  const named = Object.entries(names).find(([, name]) => name === key)?.[0];
  const isLetter = /^\p{L}$/u.test(key);
  // Shift is part of typing a sign.
  const isShift = shiftKey && (isLetter || digit !== undefined || named !== undefined);
  const last = digit ?? named ?? (isLetter ? key.toUpperCase() : key);
  return [isCommand && "Ctrl", altKey && "Alt", isShift && "Shift", last]
    .filter((part) => part !== false)
    .join("+");
}

/** Whether keys may be a command while text is typed: with Ctrl or Alt, or a function key. */
export function isForTyping(keys: string): boolean {
  return /(?:^|\+)(?:Ctrl|Alt)\+|^(?:Shift\+)?F\d+$/.test(keys);
}

const names: Readonly<Record<string, string>> = {
  "←": "ArrowLeft",
  "→": "ArrowRight",
  "↑": "ArrowUp",
  "↓": "ArrowDown",
  Esc: "Escape",
  Enter: "Enter",
  Space: " ",
  Del: "Delete",
  Tab: "Tab",
  Home: "Home",
  End: "End",
  PgUp: "PageUp",
  PgDn: "PageDown",
  F1: "F1",
  F6: "F6",
  F11: "F11",
};

/** Whether the focus is where letters are text and no single key may be a command. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !["checkbox", "radio", "button", "range"].includes(target.type)
  );
}
