import type { CatalogueEntry } from "../entry.ts";

/** What can be wrong with a DICOM file or one of its frames, as the clause after the colon. */
export const dicomFaults = {
  empty: "the file is empty",
  truncated: "the file ends before its picture does",
  "bad-header": "its header is damaged",
  "no-size": "its header does not state the size and bits of its pixels",
  "bad-pixels": "its compressed pixels are damaged",
  "other-size": "its compressed pixels have another size than its header states",
  "no-palette": "it is coloured by a palette that it does not carry",
  "no-frame": "it holds no frame of this number",
  "too-deep": "its sequences are nested deeper than any real file's",
  "too-many": "its header has more elements than any real file's",
  inflate: "its deflated part is damaged or unpacks beyond the limit",
} as const;
export type DicomFault = keyof typeof dicomFaults;

/** What a DICOM file is when it is no image. */
export const dicomKinds = {
  directory: "a DICOM directory (DICOMDIR)",
  report: "a structured report",
  plan: "a radiotherapy plan",
  structures: "a set of radiotherapy structures",
  presentation: "a presentation state",
  document: "an enclosed document",
  waveform: "a waveform",
  registration: "a spatial registration",
  "raw-data": "raw data of the device",
  spectroscopy: "spectroscopy data",
  "other-object": "a DICOM object without pixels",
} as const;
export type DicomKind = keyof typeof dicomKinds;

/** Failures of DICOM files. Details never carry a value of the header beyond its syntax and sizes. */
export const dicom = {
  "dicom/not-dicom": {
    status: 422,
    message: (d: { file: string }) => `Cannot read "${d.file}" as DICOM: its content is not DICOM`,
    safe: "The other files are read",
    hint: "Unpack it if it is an archive; export it again as DICOM from the archive or viewer",
  },
  "dicom/no-image": {
    status: 422,
    message: (d: { file: string; kind: DicomKind }) =>
      `Cannot show "${d.file}" as an image: it is ${dicomKinds[d.kind]}`,
    safe: "It is counted, and the images beside it are read",
    hint: "Nothing needs to be done, unless an image was expected here: then export it again",
  },
  "dicom/unreadable": {
    status: 422,
    message: (d: { file: string; why: DicomFault }) =>
      `Cannot read DICOM file "${d.file}": ${dicomFaults[d.why]}`,
    safe: "The other files are read",
    hint: "Copy the file again from its disc or archive; if it stays, send it again from the device",
  },
  "dicom/frame-unreadable": {
    status: 422,
    message: (d: { file: string; frame: number; why: DicomFault }) =>
      `Cannot read frame ${d.frame + 1} of DICOM file "${d.file}": ${dicomFaults[d.why]}`,
    safe: "The frames that can be read are kept",
    hint: "Copy the file again from its disc or archive; if it stays, send it again from the device",
  },
  "dicom/unknown-syntax": {
    status: 422,
    message: (d: { file: string; syntax: string }) =>
      `Cannot read DICOM file "${d.file}": Hansight does not read transfer syntax ${d.syntax}`,
    safe: "The other files are read",
    hint: "Export it again with the transfer syntax Explicit VR Little Endian or JPEG 2000",
  },
  "dicom/unknown-pixels": {
    status: 422,
    message: (d: { file: string; what: string }) =>
      `Cannot read DICOM file "${d.file}": its pixels are stored as ${d.what}, which Hansight does not read`,
    safe: "The other files are read",
    hint: "Export it again as greyscale or RGB with at most 32 bits",
  },
} satisfies Record<string, CatalogueEntry>;
