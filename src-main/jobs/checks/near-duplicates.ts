/**
 * Groups of items whose 64-bit picture hashes are linked by pairs at most `threshold` bits apart (0..15). Hashes are cut into
 * threshold + 1 bands: two within the threshold agree in at least one whole band (pigeonhole), so only items that share a band
 * are compared and no pair is missed. Equal hashes are one before comparing, so many blank pictures cost nothing.
 * Returns groups of two and more as indexes into `hashes`, ascending, in the order of their first members.
 */
export function nearDuplicates(
  hashes: readonly bigint[],
  threshold: number,
): readonly (readonly number[])[] {
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > 15)
    throw new RangeError("threshold is not 0..15");
  const holders = new Map<bigint, number[]>();
  hashes.forEach((hash, index) => {
    const held = holders.get(hash);
    if (held === undefined) holders.set(hash, [index]);
    else held.push(index);
  });
  const distinct = [...holders.keys()];
  const high = Uint32Array.from(distinct, (hash) => Number((hash >> 32n) & 0xffffffffn));
  const low = Uint32Array.from(distinct, (hash) => Number(hash & 0xffffffffn));
  const parents = Uint32Array.from(distinct.keys());
  const rootOf = (of: number): number => {
    let one = of;
    for (;;) {
      const parent = parents[one] ?? one;
      if (parent === one) return one;
      parents[one] = parents[parent] ?? parent;
      one = parent;
    }
  };
  for (let band = 0; band <= threshold; band += 1) {
    for (const bucket of buckets(distinct, band, threshold + 1)) {
      bucket.forEach((a, at) => {
        for (let next = at + 1; next < bucket.length; next += 1) {
          const b = bucket[next] ?? a;
          const apart = bits((high[a] ?? 0) ^ (high[b] ?? 0)) + bits((low[a] ?? 0) ^ (low[b] ?? 0));
          if (apart <= threshold) parents[rootOf(b)] = rootOf(a);
        }
      });
    }
  }
  const groups = new Map<number, number[]>();
  distinct.forEach((hash, index) => {
    const root = rootOf(index);
    const group = groups.get(root) ?? [];
    for (const member of holders.get(hash) ?? []) group.push(member);
    groups.set(root, group);
  });
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

/** Indexes that share the bits of one band. */
function buckets(
  distinct: readonly bigint[],
  band: number,
  bands: number,
): Iterable<readonly number[]> {
  const from = Math.floor((64 * band) / bands);
  const width = Math.floor((64 * (band + 1)) / bands) - from;
  const byBits = new Map<bigint, number[]>();
  distinct.forEach((hash, index) => {
    const key = BigInt.asUintN(width, hash >> BigInt(from));
    const bucket = byBits.get(key);
    if (bucket === undefined) byBits.set(key, [index]);
    else bucket.push(index);
  });
  return byBits.values();
}

/** Set bits of 32. */
function bits(of: number): number {
  let left = of - ((of >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
