import type { DicomFault } from "../../shared/errors/areas/dicom.ts";

/** Thrown while reading bytes; whoever knows the file's name turns it into a failure of the catalogue. */
export class Damage extends Error {
  override readonly name = "Damage";
  readonly why: DicomFault;

  constructor(why: DicomFault, options?: ErrorOptions) {
    super(why, options);
    this.why = why;
  }
}
