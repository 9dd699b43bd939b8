/** The value below or at which `share` of the bytes lie. */
export function percentileOf(values: Uint8Array, share: number): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++) counts[values[i]]++;
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    sum += counts[value];
    if (sum >= share * values.length) return value;
  }
  return 255;
}
