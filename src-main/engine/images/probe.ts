import { basename } from "node:path";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import { readBmpHeader } from "./bmp-header.ts";
import { pictureFile, type PicturePath } from "../../../shared/domain/picture-path.ts";
import { openDicomImage, type DicomImage } from "../../dicom/file.ts";
import { faultOf } from "./decode.ts";
import { openFrame } from "./dicom.ts";
import { readHead, readImageFile } from "./file.ts";
import { sniffFormat, type ImageFormat } from "./format.ts";
import { checkPixels } from "./limits.ts";
import { sharp } from "./sharp.ts";

/** What a header says; sizes are those of the upright picture. */
export interface ImageHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly format: ImageFormat;
  /** EXIF orientation, 1 to 8; the sizes are those after it. */
  readonly orientation: number;
}

/** Reads a header alone: nothing is unpacked, so a picture that probes well may still be damaged. */
export async function probeImage(path: PicturePath): Promise<ImageHeader> {
  if (pictureFile(path).frame !== null) return headerOf((await openFrame(path)).image);
  const file = basename(path);
  const head = await readHead(path);
  if (head.length === 0) fail("image/unreadable", { file, why: "empty" });
  const sniffed = sniffFormat(head);
  if (sniffed.kind === "foreign") fail("image/unknown-format", { file, format: sniffed.format });
  const { format } = sniffed;
  if (format === "bmp") return probeBmp(head, file);
  if (format === "dicom") return headerOf(openDicomImage(await readImageFile(path), file));
  try {
    const header = await sharp(path, { limitInputPixels: false }).metadata();
    checkPixels(file, header.width, header.height);
    const isGrey = header.space === "b-w" || header.space === "grey16";
    const { width, height } = header.autoOrient;
    return {
      widthPx: width,
      heightPx: height,
      channels: isGrey ? 1 : 3,
      format,
      orientation: header.orientation ?? 1,
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return fail("image/unreadable", { file, why: faultOf(error) }, { cause: error });
  }
}

function probeBmp(bytes: Uint8Array, file: string): ImageHeader {
  const { widthPx, heightPx } = readBmpHeader(bytes, file);
  return { widthPx, heightPx, channels: 3, format: "bmp", orientation: 1 };
}

function headerOf({ layout }: DicomImage): ImageHeader {
  const { rows, columns, samplesPerPixel, photometric } = layout;
  const channels = samplesPerPixel === 1 && photometric !== "PALETTE COLOR" ? 1 : 3;
  return { widthPx: columns, heightPx: rows, channels, format: "dicom", orientation: 1 };
}
