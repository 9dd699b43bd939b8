import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { maskOfShape } from "../../../shared/geometry/coverage.ts";
import {
  askPydicom,
  askReader,
  hasReader,
  verdictOf,
} from "../../../test/support/outside-readers.ts";
import { sampleFacts, sampleSource } from "../../../test/support/sample-source.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { openDicom, openDicomImage } from "../../dicom/file.ts";
import { newUid } from "./uids.ts";
import { explanationOf, regionCodes } from "./code.ts";
import { writeKeyObjects } from "./key-objects.ts";
import { parametricMapClass } from "./parametric-map.ts";
import { packed, writeSegmentation } from "./segmentation.ts";
import { writeStructuredReport } from "./structured-report.ts";

const ids = () => ({ instance: newUid(), series: newUid(), seriesNo: 901, instanceNo: 1 });
const box = { kind: "rect", x: 0.25, y: 0.5, w: 0.5, h: 0.25 } as const;
const oval = { kind: "ellipse", x: 0.1, y: 0.1, w: 0.2, h: 0.8 } as const;

function segmentation(isPlaced: boolean) {
  const segments = [
    { label: "Evidence", type: regionCodes.evidence, mask: maskOfShape(box, 80, 60) },
    { label: "Shortcut", type: regionCodes.shortcut, mask: maskOfShape(oval, 80, 60) },
  ];
  return writeSegmentation(
    { ids: ids(), source: sampleSource({ isPlaced }), segments },
    sampleFacts,
  );
}

const map = { sopClass: parametricMapClass, instance: newUid(), series: newUid() };

function report() {
  return writeStructuredReport(
    {
      ids: ids(),
      algorithm: { name: "grad-cam", version: "0.0.0", parameters: "seed 1" },
      kind: explanationOf("grad-cam"),
      items: [
        {
          no: 17,
          source: sampleSource({ isPlaced: false }),
          verdicts: [
            { reader: "Dr. Müller", verdict: "spurious", reasons: ["marker", "pen"], fault: null },
            { reader: "B", verdict: null, reasons: [], fault: "wrong-label" },
          ],
          regions: [
            {
              kind: "shortcut",
              shape: box,
              tests: [{ fill: "blur", drop: 0.34, controlMean: 0.01 }],
            },
            { kind: "evidence", shape: oval, tests: [] },
          ],
          suspicion: 0.875,
          map,
        },
      ],
    },
    sampleFacts,
  );
}

function keyObjects() {
  const sources = [1, 2].map((no) => sampleSource({ isPlaced: false, no }));
  return writeKeyObjects(
    { ids: ids(), title: "spurious", why: "side marker", sources },
    sampleFacts,
  );
}

describe("segmentation", () => {
  it("packs bits from the lowest, frames without gaps", () => {
    const bits = (...data: number[]) => ({
      width: data.length,
      height: 1,
      data: Uint8Array.from(data),
    });
    expect([...packed([bits(255, 0, 255, 127, 128), bits(255, 255, 0, 255)])]).toEqual([
      0b01110101, 0b1,
    ]);
  });

  it("reads back with our reader, segment by segment", async () => {
    const image = openDicomImage(segmentation(true), "seg");
    const frames = [await image.frame(0), await image.frame(1)];
    // 20 … 59 of 30 … 44: 40 × 15 pixels
    expect(Array.from(frames[0].values).filter((bit) => bit === 1).length).toBe(600);
    expect([frames[0].values[30 * 80 + 20], frames[0].values[30 * 80 + 19]]).toEqual([1, 0]);
    expect(frames[1].values[30 * 80 + 16]).toBe(1);
  });

  it.skipIf(!hasReader("pydicom"))("reads back with pydicom", async () => {
    const path = join(await temporaryFolder({ "seg.dcm": segmentation(true) }), "seg.dcm");
    const script = `
import sys, json, pydicom, numpy
d = pydicom.dcmread(sys.argv[1])
bits = numpy.unpackbits(numpy.frombuffer(d.PixelData, numpy.uint8), bitorder="little")[:2*60*80].reshape(2, 60, 80)
print(json.dumps([int(bits[0].sum()), int(bits[0, 30:45, 20:60].sum()), d.SegmentSequence[1].SegmentLabel]))`;
    expect(askPydicom(script, path)).toEqual([600, 600, "Shortcut"]);
  });
});

it("report and key objects are DICOM without pixels", () => {
  expect([report(), keyObjects()].map((bytes) => openDicom(bytes, "x").kind)).toEqual([
    "other",
    "other",
  ]);
});

it.skipIf(!hasReader("dsrdump"))("prints its tree by dsrdump", async () => {
  const path = join(await temporaryFolder({ "sr.dcm": report() }), "sr.dcm");
  const tree = askReader("dsrdump", "+Pc", "+Pl", "+U8", path);
  expect(tree).toContain('(126000,DCM,"Imaging Measurement Report")');
  expect(tree).toContain("Dr. Müller");
  expect(tree).toContain('"Verdict on the model\'s focus")=(V2,99HANSIGHT');
  expect(tree).toContain("Visual Explanation");
  expect(tree).toContain("Gradient-weighted class activation");
  expect(tree).toMatch(/Drop of score by covering the region.*0\.34/);
  expect(tree).toMatch(/POLYLINE,20\/30,60\/30,60\/45/); // the box's corner, of 80 × 60 pixels
});

it.skipIf(!hasReader("dciodvfy"))("has no error by dciodvfy, whatever the object", async () => {
  const objects = {
    seg: segmentation(true),
    flat: segmentation(false),
    sr: report(),
    ko: keyObjects(),
  };
  const folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(objects)) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    expect({ name, errors: verdictOf(path).errors }).toEqual({ name, errors: [] });
  }
});
