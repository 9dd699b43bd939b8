import { describe, expect, it } from "vitest";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { ccrm } from "./ccrm.ts";
import type { MapTools } from "./method.ts";

const side = 16;

/**
 * A classifier whose map of class c is the colour c of what it is shown, at full size: two channels, each read by one class.
 * Counts the rows it was shown and the largest batch.
 */
function colourReader(layout: "NCHW" | "NHWC") {
  const counts = { rows: 0, calls: 0, largest: 0 };
  const gradient: MapTools["gradient"] = async (images: Tensor, seeds: Tensor) => {
    const [rows] = images.dims;
    counts.rows += rows;
    counts.calls++;
    counts.largest = Math.max(counts.largest, rows);
    const n = side * side;
    const activations = new Float32Array(rows * 2 * n);
    const gradients = new Float32Array(rows * 2 * n);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < 2; c++)
        for (let p = 0; p < n; p++) {
          const at = layout === "NCHW" ? c * n + p : p * 2 + c;
          activations[(row * 2 + c) * n + p] = images.data[row * 2 * n + at];
          gradients[(row * 2 + c) * n + p] = seeds.data[row * 2 + c] / n;
        }
    const dims = [rows, 2, side, side];
    return { activations: { dims, data: activations }, gradients: { dims, data: gradients } };
  };
  return { counts, tools: mapTools({ gradient, forwardChunk: 64 }) };
}

/** A bright part and a dull part of class 0 on nothing. */
function picture(): Float32Array {
  const colours = new Float32Array(2 * side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      if (y >= 5 && y < 8 && x >= 3 && x < 6) colours[y * side + x] = 1;
      if (y >= 5 && y < 10 && x >= 9 && x < 14) colours[y * side + x] = 0.4;
    }
  return colours;
}

function itemOf(data: Float32Array, layout: "NCHW" | "NHWC" = "NCHW", logits = [5, 0]) {
  const dims = layout === "NCHW" ? [1, 2, side, side] : [1, side, side, 2];
  return mapItem({
    activations: new Float32Array(2 * side * side),
    k: 2,
    h: side,
    w: side,
    image: { dims, data },
    layout,
    logits: Float32Array.from(logits),
    seed: Float32Array.of(1, 0),
  });
}

describe("CCRM", () => {
  it("finds the dull part that the first map passes over", async () => {
    const { tools } = colourReader("NCHW");
    const { map } = await passMap(ccrm, tools, itemOf(picture()));
    expect(map[6 * side + 4]).toBeGreaterThan(0.9);
    expect(map[7 * side + 11]).toBeGreaterThan(0.9); // 0.4 of the maximum in the plain map
    expect(map[14 * side + 1]).toBeLessThan(0.1);
    expect(Math.max(...map)).toBeLessThan(1);
    expect(Math.min(...map)).toBeGreaterThanOrEqual(0);
  });

  it("looks no oftener than it says, four crops at a time, plain and mirrored", async () => {
    const { tools, counts } = colourReader("NCHW");
    const { notes } = await passMap(ccrm, tools, itemOf(picture()));
    expect(notes).toMatchObject({ classes: 1, crops: 4 });
    const rounds = notes?.rounds ?? NaN;
    expect(rounds).toBeGreaterThan(4); // something was found under what was hidden
    expect(rounds).toBeLessThanOrEqual(20);
    expect(counts.rows).toBe(2 + 2 * rounds);
    expect(counts.calls).toBeLessThanOrEqual(1 + 5);
    expect(counts.largest).toBe(8);
  });

  it("reads inputs with the colours last alike", async () => {
    const first = picture();
    const last = first.map((_, at) => first[(at % 2) * side * side + Math.floor(at / 2)]);
    const one = await passMap(ccrm, colourReader("NCHW").tools, itemOf(first));
    const two = await passMap(ccrm, colourReader("NHWC").tools, itemOf(last, "NHWC"));
    expect(two).toEqual(one);
  });

  it("takes a second class that the model gives a chance of its own as present too", async () => {
    const { tools, counts } = colourReader("NCHW");
    const { notes } = await passMap(ccrm, tools, itemOf(picture(), "NCHW", [1, 0.9]));
    expect(notes?.classes).toBe(2);
    expect(counts.rows).toBe(2 * (2 + 2 * (notes?.rounds ?? NaN)));
  });

  it("gives zeros of a picture in which nothing responds", async () => {
    const { tools } = colourReader("NCHW");
    const { map, notes } = await passMap(ccrm, tools, itemOf(new Float32Array(2 * side * side)));
    expect(map.every((value) => value === 0)).toBe(true);
    expect(notes?.rounds).toBe(4);
  });
});
