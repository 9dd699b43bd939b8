/** Evidence widened by one cell: 1 where the mask touches a cell at all, and on its 8 neighbours. */
export function widen(evidence: Float32Array, h: number, w: number): Float32Array {
  const out = new Float32Array(h * w);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      if (!(evidence[y * w + x] > 0)) continue;
      for (let dy = Math.max(0, y - 1); dy <= Math.min(h - 1, y + 1); dy++)
        for (let dx = Math.max(0, x - 1); dx <= Math.min(w - 1, x + 1); dx++) out[dy * w + dx] = 1;
    }
  return out;
}
