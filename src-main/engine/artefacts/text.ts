import { brightDetail } from "./bright-detail.ts";
import { ComponentFinder, type Component } from "./components.ts";
import { defineDetector } from "./detector.ts";
import { percentileOf } from "./percentile.ts";

/**
 * Burnt-in text: three or more bright letters of similar height on one line (RX-3). Single letters and discs are never
 * text. A letter is a bright stroke: it stands out of the opened picture, is 1.2 to 8 % of the longer side high, fills
 * part of its box, and its stroke (2 · area / perimeter) is narrow beside its height.
 *
 * Letters are sought at rising levels of contrast, since no one level suits black corners and bright bodies alike. Drawn
 * letters have sharp edges and keep their shape over a range of levels; noise, ribs and vessels that line up by chance
 * do not. So a line counts only when it is found over a range of 1.4 : 1. (Demo set: every marker over at least 1.4, nothing
 * else over more than 1.25.)
 */
export const text = defineDetector({
  name: "text",
  detect({ grey, width, height }) {
    const side = Math.max(width, height);
    const detail = brightDetail(grey, width, height, Math.max(4, Math.round(side / 53)));
    const lowest = Math.max(20, 2.5 * percentileOf(detail, 0.5), percentileOf(detail, 0.92));
    const finder = new ComponentFinder(detail, width, height, lowest);
    const lines: Line[] = [];
    for (let level = lowest; level < 220; level *= levelStep)
      for (const letters of linesOf(lettersAt(finder, level, side))) {
        const line = boxOf(letters);
        const known = lines.find((one) => overlapOf(one, line) > 0.6);
        if (known) known.levels++;
        else lines.push(line);
      }
    const sure = lines.filter(({ levels }) => levels >= levelsNeeded);
    if (sure.length === 0) return null;
    // The whole box: heat between the strokes is heat on the text.
    const mask = new Uint8Array(width * height);
    for (const { left, right, top, bottom } of sure)
      for (let y = top; y < bottom; y++) mask.fill(255, y * width + left, y * width + right);
    return mask;
  },
});

const levelStep = 1.12;
const levelsNeeded = 4;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A line of letters, and at how many levels it was found. */
interface Line extends Box {
  levels: number;
}

function lettersAt(finder: ComponentFinder, level: number, side: number): Component[] {
  const least = Math.max(6, side * 0.012);
  const most = side * 0.08;
  return finder.at(level, least).filter((letter) => {
    const w = letter.right - letter.left;
    const h = letter.bottom - letter.top;
    if (h < least || h > most || w > 1.8 * h) return false;
    const fillRatio = letter.area / (w * h);
    return fillRatio >= 0.2 && fillRatio <= 0.9 && strokeOf(letter) <= 0.4 * h;
  });
}

/** Letters joined to neighbours of like height, base and gap; chains of three or more. */
function linesOf(letters: readonly Component[]): Component[][] {
  const sorted = letters.toSorted((a, b) => a.left - b.left);
  const lineOf = sorted.map((_, i) => i);
  sorted.forEach((a, i) => {
    for (let j = i + 1; j < sorted.length; j++) {
      if (sorted[j].left - a.right > a.bottom - a.top) break;
      if (!isNextTo(a, sorted[j])) continue;
      const [from, to] = [lineOf[j], lineOf[i]];
      lineOf.forEach((line, k) => {
        if (line === from) lineOf[k] = to;
      });
    }
  });
  const lines = new Map<number, Component[]>();
  sorted.forEach((letter, i) => {
    const line = lines.get(lineOf[i]);
    if (line) line.push(letter);
    else lines.set(lineOf[i], [letter]);
  });
  return [...lines.values()].filter((line) => line.length >= 3);
}

function isNextTo(a: Component, b: Component): boolean {
  const [heightA, heightB] = [a.bottom - a.top, b.bottom - b.top];
  const tall = Math.max(heightA, heightB);
  const gap = b.left - a.right;
  return (
    Math.min(heightA, heightB) >= 0.75 * tall &&
    Math.abs(a.bottom - b.bottom) <= 0.25 * tall &&
    gap >= -0.3 * tall &&
    gap <= 0.9 * tall &&
    Math.min(strokeOf(a), strokeOf(b)) >= 0.5 * Math.max(strokeOf(a), strokeOf(b))
  );
}

function strokeOf({ area, perimeter }: Component): number {
  return (2 * area) / perimeter;
}

function boxOf(letters: readonly Component[]): Line {
  return {
    left: Math.min(...letters.map((one) => one.left)),
    top: Math.min(...letters.map((one) => one.top)),
    right: Math.max(...letters.map((one) => one.right)),
    bottom: Math.max(...letters.map((one) => one.bottom)),
    levels: 1,
  };
}

/** Shared area over the larger of both. */
function overlapOf(a: Box, b: Box): number {
  const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const area = (box: Box) => (box.right - box.left) * (box.bottom - box.top);
  return w > 0 && h > 0 ? (w * h) / Math.max(area(a), area(b)) : 0;
}
