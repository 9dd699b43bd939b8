import { fail } from "../../shared/errors/app-error.ts";
import { defineReader, type Source } from "./reader.ts";

/** Formats that are known by sight but not read; each is named in the error instead of being misread. */
export const unsupportedReader = defineReader({
  id: "unsupported",
  label: "",
  recognises: (source) => nameOf(source) !== null,
  read(source) {
    return fail("dataset/unsupported-format", {
      file: source.shownPath,
      format: nameOf(source) ?? "",
    });
  },
});

function nameOf({ kind, head, extension, files }: Source): string | null {
  return kind === "file" ? foreignFormat(head, extension) : foreignLayout(files);
}

/** The format of a file by its first bytes, where it is one that is not read. */
export function foreignFormat(head: string, extension: string): string | null {
  if (extension === ".xml") {
    const isLabelMe = /<sourceAnnotation>\s*LabelMe|<polygon>\s*(<username>|<pt>)|<segm>/i.test(
      head,
    );
    return /<annotation[\s>]/.test(head) && isLabelMe ? "LabelMe XML" : null;
  }
  const [header = ""] = head.split(/\r?\n/, 1);
  const names = header.split(/[,;\t]/).map((name) => name.trim().replaceAll('"', ""));
  return names.includes("ImageID") && names.includes("LabelName") ? "OpenImages CSV" : null;
}

/** The format of a folder by the names in it, where it is one that is not read. */
export function foreignLayout(files: readonly string[]): string | null {
  const has = (pattern: RegExp) => files.some((file) => pattern.test(file));
  if (has(/(^|\/)ground_truth\/[^/]+\/[^/]+_mask\.png$/i)) return "MVTec";
  if (has(/annotations-(bbox|human-imagelabels|object-segmentation)\.csv$/i))
    return "OpenImages CSV";
  if (has(/(^|\/)Scribbles\//) && has(/(^|\/)Annotations\/.*\.xml$/)) return "LabelMe XML";
  return null;
}
