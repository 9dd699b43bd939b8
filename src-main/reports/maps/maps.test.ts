import { execFileSync } from "node:child_process";
import { inflateSync } from "node:zlib";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/sample-audit.ts";
import { greyPngOf } from "./grey-png.ts";
import { npyOf } from "./npy.ts";

const values = Float32Array.of(-1, 0, 0.25, 0.5, 1, 3);

describe("a map as NPY", () => {
  it("has NumPy's header, padded so that the data begins at a multiple of 64", () => {
    const bytes = npyOf(values, 2, 3);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0]);
    const start = 10 + new DataView(bytes.buffer).getUint16(8, true);
    expect(start % 64).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(10, start));
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} +\n$/);
    expect(new Float32Array(bytes.slice(start).buffer)).toEqual(values);
  });

  it("is what NumPy reads", ({ skip }) => {
    const file = join(temporaryFolder(), "map.npy");
    writeFileSync(file, npyOf(values, 2, 3));
    let said: string;
    try {
      const ask = "import numpy, sys; a = numpy.load(sys.argv[1]); print(a.dtype, a.tolist())";
      said = execFileSync("python3", ["-c", ask, file], { encoding: "utf8", stdio: "pipe" });
    } catch {
      return skip("needs Python with NumPy");
    }
    expect(said.trim()).toBe("float32 [[-1.0, 0.0, 0.25], [0.5, 1.0, 3.0]]");
  });
});

describe("a map as 16-bit PNG", () => {
  it("is a raw value again within half a step of its range", () => {
    const { bytes, range } = greyPngOf(values, 2, 3);
    expect(range).toEqual({ low: -1, high: 3, undefined: 0 });
    const png = Buffer.from(bytes);
    const at = png.indexOf("IDAT");
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    const pixels = [0, 1].flatMap((y) =>
      [0, 1, 2].map((x) => rows.readUInt16BE(y * 7 + 1 + 2 * x)),
    );
    const step = (range.high - range.low) / 65535;
    pixels.forEach((pixel, i) => {
      expect(Math.abs(range.low + pixel * step - values[i])).toBeLessThanOrEqual(step / 2 + 1e-9);
    });
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([3, 2, 16, 0]);
  });

  it("counts cells without a number, and draws a flat map black", () => {
    expect(greyPngOf(Float32Array.of(NaN, 2), 1, 2).range).toEqual({
      low: 2,
      high: 2,
      undefined: 1,
    });
  });
});
