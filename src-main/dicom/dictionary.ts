/** Keywords of the attributes that datasets label their images with; any other attribute is named by its tag. */
const keywords: Readonly<Record<string, number>> = {
  ImageType: 0x00080008,
  SOPClassUID: 0x00080016,
  Modality: 0x00080060,
  ConversionType: 0x00080064,
  PresentationIntentType: 0x00080068,
  Manufacturer: 0x00080070,
  StudyDescription: 0x00081030,
  SeriesDescription: 0x0008103e,
  ManufacturerModelName: 0x00081090,
  PatientSex: 0x00100040,
  PatientAge: 0x00101010,
  ContrastBolusAgent: 0x00180010,
  BodyPartExamined: 0x00180015,
  ScanningSequence: 0x00180020,
  SequenceVariant: 0x00180021,
  ScanOptions: 0x00180022,
  MRAcquisitionType: 0x00180023,
  SliceThickness: 0x00180050,
  KVP: 0x00180060,
  ConvolutionKernel: 0x00181210,
  PatientPosition: 0x00185100,
  ViewPosition: 0x00185101,
  Laterality: 0x00200060,
  ImageLaterality: 0x00200062,
  ImageComments: 0x00204000,
  PhotometricInterpretation: 0x00280004,
  QualityControlImage: 0x00280300,
  BurnedInAnnotation: 0x00280301,
  LossyImageCompression: 0x00282110,
};

/** An attribute by keyword, or by tag as 00185101, 0018,5101 or (0018,5101); null for anything else. */
export function parseAttribute(text: string): number | null {
  const [, group, element] = /^\(?([\da-f]{4}),?([\da-f]{4})\)?$/i.exec(text.trim()) ?? [];
  if (group !== undefined) return parseInt(group, 16) * 0x10000 + parseInt(element, 16);
  return keywords[text.trim()] ?? null;
}
