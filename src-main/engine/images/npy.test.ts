import { describe, expect, it } from "vitest";
import { readNpy, writeNpy } from "./npy.ts";

describe(".npy", () => {
  it("has the header NumPy writes, padded to 64 bytes", () => {
    const bytes = writeNpy({ dims: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 5, -0.25) });
    const text = Buffer.from(bytes.subarray(0, 128)).toString("latin1");
    // What numpy.save writes for this array, by the format's description.
    const words = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    expect(text).toBe(`\x93NUMPY\x01\0\x76\0${words.padEnd(117)}\n`);
    expect(bytes.length).toBe(128 + 24);
    expect([...bytes.subarray(128, 136)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]); // 1, −2
  });

  it.each([[[]], [[5]], [[7, 7]], [[1, 3, 2, 2]]])("keeps %j", (dims) => {
    const size = dims.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: size }, (_, i) => i - 1.5);
    expect(readNpy(writeNpy({ dims, data }))).toEqual({ dims, data });
  });

  it("is refused when it is none, of another type, or cut", () => {
    const bytes = writeNpy({ dims: [4], data: new Float32Array(4) });
    expect(() => readNpy(bytes.subarray(0, bytes.length - 1))).toThrow(/ends early/);
    expect(() => readNpy(new Uint8Array(40))).toThrow(/not a NumPy file/);
    const doubles = Uint8Array.from(bytes);
    doubles[Buffer.from(bytes).indexOf("<f4") + 2] = "8".charCodeAt(0);
    expect(() => readNpy(doubles)).toThrow(/not float32/);
  });
});
