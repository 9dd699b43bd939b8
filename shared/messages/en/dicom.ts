/** Words for files from clinics. */
export const dicomWords = {
  "window.stored": "As stored in each file",
  "window.modality": "Whole range of the modality",
  "window.automatic": "1–99 % of each image",
  "window.soft-tissue": "CT soft tissue, 400 / 40",
  "window.lung": "CT lung, 1500 / −600",
  "window.liver": "CT liver, 150 / 90",
  "window.bone": "CT bone, 2500 / 480",
  "window.brain": "CT brain, 80 / 40",
  "window.fixed": "{width} / {centre}",
  "dicom.facet.modality": "Modality",
  "dicom.facet.body-part": "Body part",
  "dicom.facet.manufacturer": "Manufacturer",
  "dicom.facet.model": "Device model",
  "dicom.facet.view": "View",
  "dicom.facet.laterality": "Side",
  "dicom.facet.position": "Patient position",
  "dicom.facet.photometric": "Photometric",
  "dicom.facet.burned-in": "Burned-in annotation",
  "dicom.facet.conversion": "Conversion",
  "dicom.note.objects": {
    one: "1 DICOM file is no image and was counted only: {kinds}",
    other: "{n} DICOM files are no images and were counted only: {kinds}",
  },
  "dicom.note.directory": "Read through {file}, which lists {n} files",
  "dicom.note.directory-missing": {
    one: "1 file that {file} lists is not at its place: its row says so",
    other: "{n} files that {file} lists are not at their places: their rows say so",
  },
  "dicom.note.directory-unlisted": {
    one: "1 DICOM image is not listed in {file} and was read all the same",
    other: "{n} DICOM images are not listed in {file} and were read all the same",
  },
  "dicom.note.directory-viewer": {
    one: "1 picture beside {file} belongs to the disc's viewer and was left out",
    other: "{n} pictures beside {file} belong to the disc's viewer and were left out",
  },
  "dicom.note.directory-damaged":
    "{file} is damaged: the files were found by their content instead",
  "dicom.note.frames": {
    one: "1 file holds several frames; each of its {frames} frames is an item",
    other: "{n} files hold several frames; each of their {frames} frames is an item",
  },
  "dicom.note.frames-fewer": {
    one: "1 file states more frames than it can hold: those that are not there at all are left out",
    other:
      "{n} files state more frames than they can hold: those that are not there at all are left out",
  },
  "dicom.note.missing": {
    one: "1 image was gone before it could be looked at: its row says so",
    other: "{n} images were gone before they could be looked at: their rows say so",
  },
  "dicom.note.no-labels":
    "Folder names are no labels of DICOM images: without a label file or an attribute to label by, nothing is known to be right, and images stand in the attention order",
  "dicom.note.attribute":
    "Labels are the DICOM attribute {attribute}: {matched} of {total} images state it",
  "dicom.note.window": "The model is fed greys by this window: {window}",
  "dicom.note.patients":
    "Images are grouped by {patients} patients and {studies} studies, known only by keyed hashes",
  "dicom.note.columns-left-out": "Columns that may name patients were not taken over: {names}",
  "dicom.note.archives": {
    one: "1 archive is read in place; nothing is unpacked",
    other: "{n} archives are read in place; nothing is unpacked",
  },
  "dicom.note.archive-damaged": {
    one: "1 archive cannot be read and was left out: {example}",
    other: "{n} archives cannot be read and were left out, {example} first",
  },
  "dicom.note.archive-outside": {
    one: "1 entry of an archive leads out of it and was refused",
    other: "{n} entries of archives lead out of them and were refused",
  },
  "dicom.note.archive-encrypted": {
    one: "1 entry of an archive is locked by a password and was left out",
    other: "{n} entries of archives are locked by a password and were left out",
  },
  "dicom.note.archive-bomb": {
    one: "1 entry of an archive claims a size that nothing packs to and was refused",
    other: "{n} entries of archives claim a size that nothing packs to and were refused",
  },
} as const;
