import type { CatalogueEntry } from "../entry.ts";

interface NoMatch {
  readonly file: string;
  readonly rows: number;
  readonly files: number;
  /** A name as the source writes it, and one as it lies in the folder. */
  readonly row: string;
  readonly image: string;
}

/** Failures of datasets: folders, labels, classes and evidence. */
export const datasets = {
  "dataset/empty": {
    status: 422,
    message: (d: { folder: string; files: number; found: string }) =>
      d.files === 0
        ? `Cannot audit "${d.folder}": there is no file in it`
        : `Cannot audit "${d.folder}": ${d.files} files here, none is a known image: ${d.found}`,
    safe: "Nothing was written",
    hint: "Choose a folder with JPEG, PNG, WebP, TIFF, GIF, BMP or AVIF files",
  },
  "dataset/not-found": {
    status: 404,
    message: (d: { folder: string }) => `Cannot audit "${d.folder}": there is no such folder`,
    safe: "Nothing was written",
    hint: "Check the path; if it lies on a removable drive, plug it in",
  },
  "dataset/not-a-folder": {
    status: 422,
    message: (d: { folder: string }) => `Cannot audit "${d.folder}": it is a file, not a folder`,
    safe: "Nothing was written",
    hint: "Choose the folder that holds the images; give label files with --labels",
  },
  "dataset/no-permission": {
    status: 403,
    message: (d: { folder: string }) => `Cannot audit "${d.folder}": it may not be read`,
    safe: "Nothing was written",
    hint: "Ask for leave to read the folder, or choose another",
  },
  "dataset/unsupported-format": {
    status: 422,
    message: (d: { file: string; format: string }) =>
      `Cannot read "${d.file}": it is ${d.format}, which Hansight does not read yet`,
    safe: "Nothing was written",
    hint: "Export it as COCO, Pascal VOC, YOLO or CSV (file, label)",
  },
  "labels/not-found": {
    status: 404,
    message: (d: { file: string }) => `Cannot read labels "${d.file}": there is no such file`,
    safe: "Nothing was written",
    hint: "Check the path",
  },
  "labels/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot read labels "${d.file}": ${d.why}`,
    safe: "Nothing was written; the file was not changed",
    hint: "Export the labels again as CSV (file, label), COCO, Pascal VOC or YOLO",
  },
  "labels/unknown-format": {
    status: 422,
    message: (d: { file: string; formats: string }) =>
      `Cannot read labels "${d.file}": it is none of ${d.formats}`,
    safe: "Nothing was written",
    hint: "Give a CSV file with the columns file and label, or leave --labels out to use folder names",
  },
  "labels/no-match": {
    status: 422,
    message: (d: NoMatch) =>
      `Cannot use labels "${d.file}": none of its ${d.rows} rows names one of the ${d.files} images (it writes "${d.row}", the folder holds "${d.image}")`,
    safe: "Nothing was written",
    hint: "Choose the folder that the names in the file start from",
  },
  "labels/unknown-attribute": {
    status: 422,
    message: (d: { attribute: string }) =>
      `Cannot read labels from attribute "${d.attribute}": it is neither a DICOM tag nor a keyword that Hansight knows`,
    safe: "Nothing has been written",
    hint: "Name it by its tag, for example 0018,5101",
  },
  "labels/identity-attribute": {
    status: 422,
    message: (d: { attribute: string }) =>
      `Cannot read labels from attribute "${d.attribute}": it may name a person`,
    safe: "Nothing has been read from it",
    hint: "Choose an attribute that says what the picture shows, or give labels as a CSV",
  },
  "labels/attribute-missing": {
    status: 422,
    message: (d: { attribute: string; files: number }) =>
      `Cannot read labels from attribute "${d.attribute}": none of the ${d.files} images states it`,
    safe: "Nothing has been written",
    hint: "Choose another attribute, or give labels as a CSV",
  },
  "labels/no-column": {
    status: 422,
    message: (d: { file: string; what: string; columns: string }) =>
      `Cannot use table "${d.file}": no column holds the ${d.what} (its columns: ${d.columns})`,
    safe: "Nothing was written",
    hint: "Name the columns file and label in the first line",
  },
  "labels/ambiguous-column": {
    status: 422,
    message: (d: { file: string; what: string; columns: string }) =>
      `Cannot use table "${d.file}": more than one column may hold the ${d.what}: ${d.columns}`,
    safe: "Nothing was written",
    hint: "Name the right one label in the first line",
  },
  "classes/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot read class names "${d.file}": ${d.why}`,
    safe: "Nothing was written",
    hint: "Write one name per line; line 1 is output 0",
  },
  "classes/count": {
    status: 422,
    message: (d: { file: string; names: number; outputs: number }) =>
      `Cannot use class names "${d.file}": it names ${d.names}, the model has ${d.outputs} outputs`,
    safe: "Nothing was written",
    hint: "Write one name per output, one per line; line 1 is output 0",
  },
  "classes/not-found": {
    status: 422,
    message: (d: { outputs: number; labels: number }) =>
      `Cannot name the classes: the model has ${d.outputs} outputs, the labels hold ${d.labels} names`,
    safe: "Nothing was written",
    hint: "Give a file with --classes: one name per line, line 1 is output 0",
  },
  "classes/wrong-order": {
    status: 422,
    message: (d: { source: string; right: number; n: number; order: string; better: number }) =>
      `Cannot trust the class order of ${d.source}: ${d.right} of ${d.n} labelled images come out right; ${d.order} gives ${d.better}`,
    safe: "Nothing was written",
    hint: "Give the names in the order of the model's outputs with --classes",
  },
  "evidence/not-found": {
    status: 404,
    message: (d: { file: string }) => `Cannot read evidence "${d.file}": it is not there`,
    safe: "Nothing was written",
    hint: "Check the path",
  },
  "evidence/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot read evidence "${d.file}": ${d.why}`,
    safe: "Nothing was written; the file was not changed",
    hint: "Give a CSV file with the columns file and evidence, a COCO, VOC or YOLO file, or a folder of masks",
  },
  "evidence/unknown-format": {
    status: 422,
    message: (d: { file: string; formats: string }) =>
      `Cannot read evidence "${d.file}": it is no folder of masks and none of ${d.formats}`,
    safe: "Nothing was written",
    hint: "Give a CSV file with the columns file and evidence, or a folder of masks",
  },
  "evidence/no-match": {
    status: 422,
    message: (d: NoMatch) =>
      `Cannot use evidence "${d.file}": none of its ${d.rows} entries belongs to one of the ${d.files} images (it has "${d.row}", the folder holds "${d.image}")`,
    safe: "Nothing was written",
    hint: "Name masks like their images, or give a CSV file with the columns file and evidence",
  },
} satisfies Record<string, CatalogueEntry>;
