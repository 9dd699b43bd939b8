import { message } from "../messages/catalogue.ts";

/**
 * Where one picture lies, as engines are told it: a file's path, and after a NUL, which no path can hold, the number of
 * its frame. Everything that is keyed by a path is so keyed by path and frame. Frames count from 1, as DICOM does; a
 * file that is one picture has none. A member of an archive is the archive's path with the member's name below it.
 */
export type PicturePath = string;

/** One frame of a file; without a number the file is the picture. */
export function picturePath(file: string, frame: number | null): PicturePath {
  return frame === null ? file : `${file}\0${frame}`;
}

/** The file that a picture lies in, and its frame there; null where the file is one picture. */
export function pictureFile(picture: PicturePath): {
  readonly file: string;
  readonly frame: number | null;
} {
  const at = picture.indexOf("\0");
  if (at < 0) return { file: picture, frame: null };
  return { file: picture.slice(0, at), frame: Number(picture.slice(at + 1)) };
}

/** How people see a picture of a file of this name: "IM0001 · frame 3". */
export function pictureName(fileName: string, frame: number | null): string {
  return frame === null ? fileName : message("jobs.item.frame", { file: fileName, frame });
}
