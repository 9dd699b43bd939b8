/**
 * NumPy's format 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): float32, little-endian, C order.
 * `values[height, width]`.
 */
export function npyOf(values: Float32Array, height: number, width: number): Uint8Array {
  if (values.length !== height * width) throw new RangeError("the values do not fill the map");
  const start = 10;
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  // The data begins at a multiple of 64; the header ends with a line feed.
  const headerBytes = Math.ceil((start + words.length + 1) / 64) * 64 - start;
  const bytes = new Uint8Array(start + headerBytes + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY 1.0
  view.setUint16(8, headerBytes, true);
  const header = `${words.padEnd(headerBytes - 1)}\n`;
  for (let i = 0; i < header.length; i++) bytes[start + i] = header.charCodeAt(i);
  for (let i = 0; i < values.length; i++)
    view.setFloat32(start + headerBytes + 4 * i, values[i], true);
  return bytes;
}
