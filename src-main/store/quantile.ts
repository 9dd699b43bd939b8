/**
 * The value below which `share` of all finite values lie (nearest rank), exact, in two passes over what `chunks` gives and
 * constant memory: a radix selection on the upper, then the lower half of each float's bits. Null of nothing.
 */
export function valueAtRank(
  chunks: () => Iterable<Float32Array<ArrayBuffer>>,
  share: number,
): number | null {
  const upper = new Float64Array(1 << 16);
  for (const chunk of chunks()) for (const bits of bitsOf(chunk)) upper[keyOf(bits) >>> 16]++;
  for (let bin = 0; bin < 1 << 16; bin++) if (!isFinite(floatOf((bin << 16) >>> 0))) upper[bin] = 0;
  const total = upper.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(0, Math.ceil(share * total) - 1);
  const [high, before] = binOf(upper, rank);
  const lower = new Float64Array(1 << 16);
  for (const chunk of chunks())
    for (const bits of bitsOf(chunk)) {
      const key = keyOf(bits);
      if (key >>> 16 === high) lower[key & 0xffff]++;
    }
  const [low] = binOf(lower, rank - before);
  return floatOf(((high << 16) | low) >>> 0);
}

function bitsOf(values: Float32Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Bits of floats as integers of the same order: negative ones flipped, positive ones above them. */
function keyOf(bits: number): number {
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

const float = new Float32Array(1);
const asBits = new Uint32Array(float.buffer);

function floatOf(key: number): number {
  asBits[0] = key & 0x80000000 ? key & 0x7fffffff : ~key;
  return float[0];
}

function binOf(counts: Float64Array, rank: number): [bin: number, before: number] {
  let before = 0;
  for (const [bin, count] of counts.entries()) {
    if (before + count > rank) return [bin, before];
    before += count;
  }
  throw new RangeError(`no value at rank ${rank}`);
}
