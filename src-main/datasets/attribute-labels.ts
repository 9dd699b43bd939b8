import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { parseAttribute } from "../dicom/dictionary.ts";
import { isIdentity } from "../dicom/identity.ts";
import type { Labelled } from "./labels.ts";
import type { ListedFile } from "./listing.ts";
import { splitOf } from "./splits.ts";

/**
 * The tag of the attribute that a person named for labels.
 *
 * @throws AppError `labels/unknown-attribute`; `labels/identity-attribute` for one that may name somebody
 */
export function labelTagOf(attribute: string): number {
  const tag = parseAttribute(attribute) ?? fail("labels/unknown-attribute", { attribute });
  if (isIdentity(tag)) fail("labels/identity-attribute", { attribute });
  return tag;
}

/** Labels that the images' own headers state; several values of one attribute are several labels. */
export function labelsFromAttribute(files: readonly ListedFile[], attribute: string): Labelled {
  const found = files.map(({ dicom, path }) => {
    const values = (dicom?.label ?? "").split("\\").map((value) => value.trim());
    const labels = [...new Set(values.filter((value) => value !== ""))];
    const split = splitOf(path);
    return labels.length === 0 ? null : { labels, split, group: null, facets: {}, marks: [] };
  });
  const matched = found.filter((label) => label !== null).length;
  if (matched === 0) fail("labels/attribute-missing", { attribute, files: files.length });
  return {
    found,
    classes: null,
    columns: [],
    unmatchedRows: [],
    unmatchedFiles: found.flatMap((label, no) => (label ? [] : [no])),
    notes: [message("dicom.note.attribute", { attribute, matched, total: files.length })],
  };
}
