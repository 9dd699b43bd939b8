/** What an audit can be written as, for other programs (review-experience 10.2 and 10.3). */
export const exportFormats = [
  "csv",
  "json",
  "coco",
  "voc",
  "yolo",
  "maps",
  "maps-png",
  "lists",
  "dicom",
] as const;
export type ExportFormat = (typeof exportFormats)[number];
