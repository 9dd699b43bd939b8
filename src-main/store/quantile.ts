/**
 * The value at `rank` (from 0, ascending) of all finite values that `chunks` gives, exact, in two passes and constant
 * memory: a radix selection on the upper, then the lower half of each float's bits. Null where there are none.
 */
export function valueAtRank(chunks: () => Iterable<Float32Array>, share: number): number | null {
  const upper = new Float64Array(1 << 16);
  let total = 0;
  for (const key of keysOf(chunks())) {
    const bin = key >>> 16;
    upper[bin] = (upper[bin] ?? 0) + 1;
    total++;
  }
  if (total === 0) return null;
  const rank = Math.max(0, Math.ceil(share * total) - 1); // nearest rank
  const [high, before] = binOf(upper, rank);
  const lower = new Float64Array(1 << 16);
  for (const key of keysOf(chunks()))
    if (key >>> 16 === high) lower[key & 0xffff] = (lower[key & 0xffff] ?? 0) + 1;
  const [low] = binOf(lower, rank - before);
  return floatOf(((high << 16) | low) >>> 0);
}

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** Floats as integers of the same order: negative ones flipped, positive ones above them. */
function* keysOf(chunks: Iterable<Float32Array>): Generator<number> {
  for (const chunk of chunks)
    for (const value of chunk) {
      if (!Number.isFinite(value)) continue;
      floats[0] = value;
      const raw = bits[0] ?? 0;
      yield raw & 0x80000000 ? ~raw >>> 0 : (raw | 0x80000000) >>> 0;
    }
}

function floatOf(key: number): number {
  bits[0] = key & 0x80000000 ? key & 0x7fffffff : ~key >>> 0;
  return floats[0] ?? 0;
}

function binOf(counts: Float64Array, rank: number): [bin: number, before: number] {
  let before = 0;
  for (const [bin, count] of counts.entries()) {
    if (before + count > rank) return [bin, before];
    before += count;
  }
  throw new RangeError(`no value at rank ${rank}`);
}
