import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../shared/errors/app-error.ts";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { openDicom, openDicomImage } from "./file.ts";
import type { Values } from "./codecs/codec.ts";

/** What the fixtures state of a file; null where nothing could decode it. */
interface Stated {
  readonly decoded?: {
    readonly lossy?: boolean;
    readonly lastFrameMean: number;
    readonly frame0: {
      readonly min: number;
      readonly max: number;
      readonly mean: number;
      readonly sha256_int32le?: string;
      readonly sha256_int64le?: string;
    };
  } | null;
}

const stated = (
  fixturesFolder ? JSON.parse(readFileSync(fixture("dicom/expected.json"), "utf8")) : {}
) as Record<string, Stated>; // the fixtures' own file
const decoded = Object.entries(stated).filter(
  ([name, { decoded }]) => decoded && !name.includes("/hostile/"),
);

/**
 * Two files state RGB, carry no colour mark and number their components 0, 1, 2. The reference (GDCM) took them for
 * YCbCr and gives a magenta slide; the standard's header, and DCMTK's decoding of the same stream kept beside them, give
 * a white one.
 */
const misreadByReference = [
  "dicom/pydicom/SC_rgb_jpeg.dcm",
  "dicom/pydicom/SC_jpeg_no_color_transform.dcm",
];
const decodedByDcmtk = "dicom/pydicom/SC_rgb_jpeg_dcmd.dcm";

describe.skipIf(!fixturesFolder)("DICOM files of the fixtures", () => {
  const table: Record<string, { files: number; exact: number; within: number }> = {};

  it("are the 132 that the reference decoded", () => expect(decoded).toHaveLength(132));

  it.each(decoded)("%s has the stated pixels", async (name, { decoded }) => {
    const image = openDicomImage(readFileSync(fixture(name)), name);
    const { values } = await image.frame(0);
    const row = (table[image.facts.syntax] ??= { files: 0, exact: 0, within: 0 });
    row.files++;
    const wanted = decoded?.frame0 ?? expect.unreachable();
    if (misreadByReference.includes(name)) {
      const witness = openDicomImage(readFileSync(fixture(decodedByDcmtk)), name);
      expect(meanDifference(values, (await witness.frame(0)).values)).toBeLessThan(0.5);
    } else if (wanted.sha256_int64le ?? wanted.sha256_int32le) {
      const bytes = wanted.sha256_int64le
        ? BigInt64Array.from(Array.from(values, BigInt)).buffer
        : Int32Array.from(values).buffer;
      const sha256 = createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
      expect(sha256).toBe(wanted.sha256_int64le ?? wanted.sha256_int32le);
      row.exact++;
    } else {
      const allowed = ((2 ** image.layout.bitsStored - 1) * 2) / 255;
      expect(Math.abs(mean(values) - wanted.mean)).toBeLessThan(allowed);
      row.within++;
    }
    if (misreadByReference.includes(name)) return;
    const last = mean((await image.frame(image.layout.frames - 1)).values);
    const lastWanted = decoded?.lastFrameMean ?? NaN;
    expect(Math.abs(last - lastWanted)).toBeLessThan(decoded?.lossy ? 2 : 1e-3);
  });

  it("make the table by transfer syntax", () => {
    if (process.env.DICOM_TABLE) console.table(table);
    expect(Object.keys(table)).toHaveLength(17);
  });
});

interface Outcome {
  readonly outcome: "read" | "read in part" | "refused" | "no image";
  readonly frames?: number;
  readonly code?: string;
  readonly why?: string;
  readonly kind?: string;
  readonly note: string;
}

const corpus = join(import.meta.dirname, "../../test/corpus");
const manifest = JSON.parse(readFileSync(join(corpus, "manifest.json"), "utf8")) as {
  readonly "dicom/hostile": Record<string, Outcome>;
}; // our own file; each field is compared below
const outcomes = manifest["dicom/hostile"];

describe.skipIf(!fixturesFolder)("hostile DICOM files", () => {
  it.each(Object.entries(outcomes))("%s has its stated outcome", async (name, wanted) => {
    const { note: _, ...outcome } = wanted;
    expect(await outcomeOf(`dicom/hostile/${name}`)).toEqual(outcome);
  });

  it("are all in the list", () => {
    const names = Object.keys(stated).filter((name) => name.includes("/hostile/"));
    expect(Object.keys(outcomes).map((name) => `dicom/hostile/${name}`)).toEqual(names.toSorted());
  });
});

interface StatedFrames {
  readonly syntax: string;
  readonly number: "int32le" | "float64le";
  readonly sha256?: readonly string[];
  readonly mean?: readonly number[];
}

const { files: statedFrames } = JSON.parse(
  readFileSync(join(corpus, "dicom-frames.json"), "utf8"),
) as { readonly files: Record<string, StatedFrames> }; // our own file, as its note says

describe.skipIf(!fixturesFolder)("every frame, as pydicom and GDCM read it", () => {
  it.each(Object.entries(statedFrames))(
    "%s",
    async (name, { syntax, number, sha256, mean: means }) => {
      const image = openDicomImage(readFileSync(fixture(name)), name);
      expect(image.facts.syntax).toBe(syntax);
      expect(image.layout.frames).toBe((sha256 ?? means ?? []).length);
      for (let frame = 0; frame < image.layout.frames; frame++) {
        const { values } = await image.frame(frame);
        if (sha256) {
          const typed = number === "int32le" ? Int32Array.from(values) : Float64Array.from(values);
          const hash = createHash("sha256").update(new Uint8Array(typed.buffer)).digest("hex");
          expect(hash.slice(0, 16), `frame ${frame + 1}`).toBe(sha256[frame]);
        } else expect(Math.abs(mean(values) - (means?.[frame] ?? NaN))).toBeLessThan(2);
      }
    },
  );
});

/** Opens a file and reads every frame. */
async function outcomeOf(name: string) {
  let frames = 0;
  try {
    const opened = openDicom(readFileSync(fixture(name)), name);
    if (opened.kind === "other") return { outcome: "no image", kind: opened.what };
    for (; frames < opened.layout.frames; frames++) await opened.frame(frames);
    return { outcome: "read", frames };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const outcome = frames > 0 ? "read in part" : "refused";
    const { code, details } = error;
    return {
      outcome,
      code,
      ...(frames && { frames }),
      ...("why" in details && { why: details.why }),
    };
  }
}

function mean(values: Values): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function meanDifference(ours: Values, theirs: Values): number {
  let sum = 0;
  for (let i = 0; i < ours.length; i++) sum += Math.abs(ours[i] - theirs[i]);
  return sum / ours.length;
}
