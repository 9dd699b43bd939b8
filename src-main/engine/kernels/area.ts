/** Values `[h,w]` averaged over the cells of a coarser grid `[toH,toW]`: each value counts by the area that falls in a cell. */
export function averageOver(
  values: ArrayLike<number>,
  [h, w]: readonly [height: number, width: number],
  [toH, toW]: readonly [height: number, width: number],
): Float32Array {
  const [rows, columns] = [sharesOf(h, toH), sharesOf(w, toW)];
  const out = new Float32Array(toH * toW);
  for (let y = 0; y < toH; y++)
    for (let x = 0; x < toW; x++) {
      let sum = 0;
      for (const [row, down] of rows[y])
        for (const [column, across] of columns[x]) sum += values[row * w + column] * down * across;
      out[y * toW + x] = sum;
    }
  return out;
}

/** Per cell the entries that fall into it and their shares of it, which sum to 1. */
function sharesOf(size: number, cells: number): [entry: number, share: number][][] {
  const step = size / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [cell * step, (cell + 1) * step];
    const shares: [number, number][] = [];
    for (let entry = Math.floor(from); entry < Math.min(size, to); entry++) {
      const covered = Math.min(to, entry + 1) - Math.max(from, entry);
      if (covered > 0) shares.push([entry, covered / step]);
    }
    return shares;
  });
}
