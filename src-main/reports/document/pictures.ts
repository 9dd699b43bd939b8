import type { Plate, ReportData, ReportFile } from "../report-data.ts";

export type PictureKind = "image" | "map" | "overlay";

/** Name of one picture of a plate inside the document. */
export function pictureName(plate: Plate, kind: PictureKind): string | null {
  const bytes = plate[kind];
  if (!bytes) return null;
  const isPng = bytes[0] === 0x89;
  return `plates/${plate.item}-${kind}.${isPng ? "png" : "jpg"}`;
}

/** The pictures of all plates under their names. */
export function picturesOf({ plates }: ReportData): ReportFile[] {
  const kinds = ["image", "map", "overlay"] as const;
  return plates.flatMap((plate) =>
    kinds.flatMap((kind) => {
      const [name, bytes] = [pictureName(plate, kind), plate[kind]];
      return name && bytes ? [{ name, bytes }] : [];
    }),
  );
}
