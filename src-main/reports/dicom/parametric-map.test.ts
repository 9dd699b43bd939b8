import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { askPydicom, hasReader, verdictOf } from "../../../test/support/outside-readers.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { openDicomImage } from "../../dicom/file.ts";
import { newUid } from "./uids.ts";
import { explanationOf } from "./code.ts";
import { writeParametricMap, type ParametricMap } from "./parametric-map.ts";
import { sampleFacts, sampleSource } from "../../../test/support/sample-source.ts";

const values = Float32Array.from({ length: 12 }, (_, i) => i - 3.25);

function mapOf(isPlaced: boolean): ParametricMap {
  const source = sampleSource({ isPlaced });
  return {
    ids: { instance: newUid(), series: newUid(), seriesNo: 901, instanceNo: 1 },
    source,
    // 3 × 4 cells over 30 × 40 of the 60 × 80 pixels, from column 16 and row 8
    map: { values, width: 4, height: 3, seen: { x: 16, y: 8, width: 40, height: 30 } },
    kind: explanationOf("grad-cam"),
    method: "grad-cam, run 1",
  };
}

it("lies on the source's millimetres", async () => {
  const bytes = writeParametricMap(mapOf(true), sampleFacts);
  const { dataSet, facts } = openDicomImage(bytes, "map");
  // Pixels are 0.5 (rows) × 0.25 mm (columns), cells 10 × 10 pixels. Columns run along +y, rows along −z, from
  // (10, 20, 30). The first cell's centre is at pixel 16 + 5 − ½ = 20.5, row 8 + 5 − ½ = 12.5.
  const position = dataSet.item(0x52009230)?.item(0x00209113)?.decimals(0x00200032);
  expect(position).toEqual([10, 20 + 20.5 * 0.25, 30 - 12.5 * 0.5]);
  expect(facts.spacing).toMatchObject({ rowMm: 5, columnMm: 2.5 });
  const frame = await openDicomImage(bytes, "map").frame(0);
  expect([...frame.values]).toEqual([...values]);
});

it("is enlarged to the source's pixels where it has no plane", async () => {
  const bytes = writeParametricMap(mapOf(false), sampleFacts);
  const image = openDicomImage(bytes, "map");
  expect(image.facts.syntax).toBe("1.2.840.10008.1.2.1.99");
  const { values: pixels, widthPx, heightPx } = await image.frame(0);
  expect([widthPx, heightPx]).toEqual([80, 60]);
  const at = (x: number, y: number) => pixels[y * 80 + x];
  expect([at(16, 8), at(25, 17), at(26, 17), at(55, 37)]).toEqual([-3.25, -3.25, -2.25, 7.75]);
  expect(at(15, 8)).toBeLessThan(-1e38);
  expect(image.dataSet.text(0x00700081)).toMatch(
    /^Hansight audit, not for diagnosis: 3 x 4 cells$/,
  );
});

const corners = `
import sys, json, pydicom, numpy
d = pydicom.dcmread(sys.argv[1])
ipp = numpy.array(d.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0].ImagePositionPatient, float)
shared = d.SharedFunctionalGroupsSequence[0]
iop = numpy.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
dr, dc = map(float, shared.PixelMeasuresSequence[0].PixelSpacing)
v = numpy.frombuffer(d.FloatPixelData, "<f4").reshape(d.Rows, d.Columns)
at = lambda r, c: (ipp + iop[:3]*dc*c + iop[3:]*dr*r).tolist()
print(json.dumps({"first": at(0, 0), "last": at(d.Rows-1, d.Columns-1), "values": [float(v[0,0]), float(v[-1,-1])]}))
`;

it.skipIf(!hasReader("pydicom"))("puts corners where pydicom finds them", async () => {
  const path = join(await temporaryFolder(), "map.dcm");
  await writeFile(path, writeParametricMap(mapOf(true), sampleFacts));
  // The last cell's centre is the source's pixel 50.5 of row 32.5.
  expect(askPydicom(corners, path)).toEqual({
    first: [10, 25.125, 23.75],
    last: [10, 20 + 50.5 * 0.25, 30 - 32.5 * 0.5],
    values: [-3.25, 7.75],
  });
});

it.skipIf(!hasReader("dciodvfy") || !hasReader("dcmdump"))("has no error by dciodvfy", async () => {
  for (const isPlaced of [true, false]) {
    const path = join(await temporaryFolder(), `${isPlaced}.dcm`);
    await writeFile(path, writeParametricMap(mapOf(isPlaced), sampleFacts));
    expect(verdictOf(path, !isPlaced).errors).toEqual([]);
  }
});
