import { describe, expect, it } from "vitest";
import { isPressed, type KeyPress } from "./keys.ts";

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
