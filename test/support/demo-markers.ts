import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { inputSize, prepareInto } from "../../src-main/engine/images/prepare.ts";
import { demoFolder } from "./demo-findings.ts";

/** One demo picture with the planted word PORT. */
export interface DemoMarker {
  readonly file: string;
  readonly input: Float32Array;
  /** In fractions of the picture. */
  readonly box01: readonly [left: number, top: number, width: number, height: number];
}

const sidePx = 320;

/** Every `step`-th demo picture with the planted marker. */
export async function demoMarkers(preparation: Preparation, step = 1): Promise<DemoMarker[]> {
  const truth = join(import.meta.dirname, "../corpus/demo/planted-truth.csv");
  const rows = readFileSync(truth, "utf8").trim().split("\n").slice(1);
  const marked = rows.map((row) => row.split(",")).filter(([, , marker]) => marker === "1");
  const found: DemoMarker[] = [];
  for (const [i, columns] of marked.entries()) {
    if (i % step) continue;
    const [file, , , , , , box] = columns;
    const input = new Float32Array(inputSize(preparation));
    const path = join(demoFolder, "images", file);
    prepareInto(await decodeImage(path), preparation, input, basename(path));
    const [left, top, width, height] = box.split(" ").map((px) => Number(px) / sidePx);
    found.push({ file, input, box01: [left, top, width, height] });
  }
  return found;
}

/** Whether the greatest value of `[side,side]` lies in the box, or within 8 pixels of 160 around it. */
export function peaksIn(values: Float32Array, side: number, box01: DemoMarker["box01"]): boolean {
  const best = values.reduce((at, value, p) => (value > values[at] ? p : at), 0);
  const [x, y] = [(best % side) / side, Math.floor(best / side) / side];
  const [left, top, width, height] = box01;
  const margin = 8 / 160;
  const isAcross = x >= left - margin && x < left + width + margin;
  return isAcross && y >= top - margin && y < top + height + margin;
}
