import type { Tensor } from "../../../shared/domain/tensor.ts";
import { sizeOf } from "../../../shared/domain/tensor.ts";

const magic = "\x93NUMPY";

/** A float32 tensor as a NumPy file (format 1.0, little-endian, C order): `numpy.load` reads it. */
export function writeNpy({ dims, data }: Tensor): Uint8Array {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(", ");
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  // The values begin at a multiple of 64 bytes; the header ends with a line feed.
  const size = Math.ceil((10 + words.length + 1) / 64) * 64;
  const bytes = new Uint8Array(size + data.length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from(magic, "latin1"));
  bytes.set([1, 0], 6);
  view.setUint16(8, size - 10, true);
  bytes.set(Buffer.from(words.padEnd(size - 11) + "\n", "latin1"), 10);
  data.forEach((value, i) => view.setFloat32(size + i * 4, value, true));
  return bytes;
}

/** The tensor of a NumPy file of float32 in C order; `RangeError` for any other. */
export function readNpy(bytes: Uint8Array): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (bytes.length < 10 || text(0, 6) !== magic) throw new RangeError("not a NumPy file");
  const isOld = bytes[6] === 1;
  const start = isOld ? 10 : 12;
  const end = start + (isOld ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = text(start, end);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (
    !/'descr':\s*'<f4'/.test(header) ||
    !/'fortran_order':\s*False/.test(header) ||
    shape === undefined
  )
    throw new RangeError("not float32 in C order");
  const dims = shape
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const data = new Float32Array(sizeOf(dims));
  if (end + data.length * 4 > bytes.length) throw new RangeError("the file ends early");
  for (let i = 0; i < data.length; i++) data[i] = view.getFloat32(end + i * 4, true);
  return { dims, data };
}
