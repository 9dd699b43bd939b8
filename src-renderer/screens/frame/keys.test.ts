import { describe, expect, it } from "vitest";
import { isForTyping, isPressed, writtenKeys, type KeyPress } from "./keys.ts";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("keys as the key list writes them", () => {
  it("goes by the position of a digit, not by its character", () => {
    const french = press("&", { code: "Digit1" });
    expect(isPressed("1", french, false)).toBe(true);
    expect(isPressed("1", { ...french, shiftKey: true }, false)).toBe(false);
    expect(isPressed("Alt+1", { ...french, altKey: true }, false)).toBe(true);
  });

  it("goes by the character of a letter, not by its position", () => {
    expect(isPressed("Q", press("q", { code: "KeyA" }), false)).toBe(true);
    expect(isPressed("Shift+O", press("O", { shiftKey: true }), false)).toBe(true);
    expect(isPressed("O", press("O", { shiftKey: true }), false)).toBe(false);
  });

  it("takes Command for Ctrl on a Mac, and only there", () => {
    expect(isPressed("Ctrl+K", press("k", { metaKey: true }), true)).toBe(true);
    expect(isPressed("Ctrl+K", press("k", { ctrlKey: true }), true)).toBe(false);
    expect(isPressed("Ctrl+K", press("k", { metaKey: true }), false)).toBe(false);
  });

  it("does not ask how a sign was typed", () => {
    expect(isPressed("?", press("?", { shiftKey: true }), false)).toBe(true);
    expect(isPressed("+", press("+"), false)).toBe(true);
    expect(isPressed("Ctrl++", press("+", { ctrlKey: true, shiftKey: true }), false)).toBe(true);
  });

  it("tells plain keys from those with a modifier", () => {
    expect(isPressed("F6", press("F6", { shiftKey: true }), false)).toBe(false);
    expect(isPressed("Shift+F6", press("F6", { shiftKey: true }), false)).toBe(true);
    expect(isPressed("Esc", press("Escape", { ctrlKey: true }), false)).toBe(false);
  });
});

describe("keys as they are pressed to be set", () => {
  it("writes them so that the same press is them", () => {
    const presses = [
      [press("j", { ctrlKey: true, altKey: true }), "Ctrl+Alt+J"],
      [press("O", { shiftKey: true }), "Shift+O"],
      [press("!", { code: "Digit1", shiftKey: true }), "Shift+1"],
      [press("?", { shiftKey: true }), "?"],
      [press("PageUp", { shiftKey: true }), "Shift+PgUp"],
      [press("+"), "+"],
    ] as const;
    for (const [one, keys] of presses) {
      expect(writtenKeys(one, false)).toBe(keys);
      expect(isPressed(keys, one, false)).toBe(true);
    }
  });
  it("takes no modifier alone, and leaves Tab, Enter and Esc to the window", () => {
    for (const key of ["Shift", "Control", "Tab", "Enter", "Escape"])
      expect(writtenKeys(press(key), false)).toBeNull();
  });
  it("lets only keys with Ctrl, Alt or F work while text is typed", () => {
    expect(["Ctrl+K", "Alt+1", "Shift+F6", "F1"].every(isForTyping)).toBe(true);
    expect(["K", "Shift+O", "?", "Home"].some(isForTyping)).toBe(false);
  });
});
