import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { listFolder } from "../../datasets/listing.ts";
import { decodeImage } from "./decode.ts";
import { thumbnail } from "./picture.ts";
import { probeImage } from "./probe.ts";

describe.skipIf(!fixturesFolder)("DICOM as a picture", () => {
  const file = (name: string) => fixture(`dicom/${name}`);

  it("opens without an extension, turned the right way", async () => {
    const image = await decodeImage(file("dicomdir/77654033/CR1/6154"));
    expect(image).toMatchObject({
      widthPx: 16,
      heightPx: 16,
      channels: 1,
      format: "dicom",
      depth: 12,
    });
  });

  it("two photometrics of one radiograph are negatives of each other", async () => {
    const two = await decodeImage(
      file("chest/rsna_1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm"),
    );
    const one = await decodeImage(file("chest/fake_monochrome1.dcm"));
    expect(one.data.every((grey, i) => grey === 255 - two.data[i])).toBe(true);
  });

  it("has a size by its header and a thumbnail", async () => {
    const path = file("pydicom/examples_palette.dcm");
    expect(await probeImage(path)).toMatchObject({ widthPx: 800, heightPx: 350, channels: 3 });
    expect(await thumbnail(path)).toMatchObject({ width: 800, height: 350 });
  });

  it("says what is no image", async () => {
    await expect(decodeImage(file("hostile/rtplan.dcm"))).rejects.toMatchObject({
      code: "dicom/no-image",
      details: { kind: "plan" },
    });
  });

  it("lists a disc's images by their content, its directory and text apart", async () => {
    const { images, others } = await listFolder(file("dicomdir"));
    expect(images).toHaveLength(31);
    expect(others).toEqual(["DICOMDIR", "README.txt"]);
  });
});
