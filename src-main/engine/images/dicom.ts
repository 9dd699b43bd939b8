import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { PicturePath } from "../../../shared/domain/picture-path.ts";
import { pictureFile } from "../../../shared/domain/picture-path.ts";
import { findFile } from "../../archives/files.ts";
import { openDicomImage, type DicomImage } from "../../dicom/file.ts";
import type { PictureWindow } from "../../../shared/domain/picture-window.ts";
import { renderFrame } from "../../dicom/render.ts";
import type { DecodedImage } from "./decode.ts";
import { readImageFile } from "./file.ts";

/** One frame of a file that is open. */
export interface OpenedFrame {
  readonly image: DicomImage;
  /** From 0, as `src-main/dicom` counts. */
  readonly number: number;
  /** SHA-256 of the whole file. */
  readonly sha256: string;
}

interface OpenedFile {
  readonly image: DicomImage;
  readonly sha256: string;
  readonly bytes: number;
}

/** Files kept open, with all they weigh: neighbours in a batch are mostly frames of one file. */
const keptFiles = 4;
const keptBytes = 600_000_000;
const opened = new Map<string, Promise<OpenedFile>>();

/**
 * Opens the file of a picture and says which frame is meant; a picture without a frame number is its first. Frames of
 * one file asked for one after another read it once, unless it changed.
 *
 * @throws AppError `image/missing`, `dicom/…`
 */
export async function openFrame(picture: PicturePath): Promise<OpenedFrame> {
  const { file, frame } = pictureFile(picture);
  const { image, sha256 } = await openFile(file);
  return { image, sha256, number: frame === null ? 0 : frame - 1 };
}

async function openFile(file: string): Promise<OpenedFile> {
  const found = await findFile(file).catch(() => null);
  const key = `${file}\0${found?.bytes}\0${found?.modifiedMs}`;
  const known = opened.get(key);
  opened.delete(key);
  const opening = known ?? readFile(file);
  opened.set(key, opening); // the newest comes last
  try {
    const { bytes } = await opening;
    await forgetOldest(bytes);
  } catch (cause) {
    opened.delete(key);
    throw cause;
  }
  return opening;
}

async function readFile(file: string): Promise<OpenedFile> {
  const bytes = await readImageFile(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { image: openDicomImage(bytes, basename(file)), sha256, bytes: bytes.length };
}

async function forgetOldest(newest: number): Promise<void> {
  let total = newest;
  for (const key of [...opened.keys()].reverse().slice(1)) {
    const size = await opened.get(key)?.then(
      ({ bytes }) => bytes,
      () => Infinity,
    );
    total += size ?? 0;
    if (total > keptBytes || opened.size > keptFiles) opened.delete(key);
  }
}

/** A frame as eight bits, by the window that is asked for. */
export async function decodeFrame(
  { image, number }: Pick<OpenedFrame, "image" | "number">,
  window: PictureWindow = { kind: "stored" },
): Promise<DecodedImage> {
  const { widthPx, heightPx, channels, data } = await renderFrame(image, number, { by: window });
  const { bitsStored: depth, frames } = image.layout;
  return { widthPx, heightPx, channels, data, depth, format: "dicom", orientation: 1, frames };
}
