import { message } from "../../shared/messages/catalogue.ts";
import type { MessageKey } from "../../shared/messages/catalogue.ts";
import type { DataSet } from "./data-set.ts";
import { namesIn } from "./identity.ts";

/** Attributes that say how a picture was made and of what, none of whom: codes, and the device's maker and model. */
const shown: readonly (readonly [tag: number, name: MessageKey])[] = [
  [0x00080060, "dicom.facet.modality"],
  [0x00180015, "dicom.facet.body-part"],
  [0x00080070, "dicom.facet.manufacturer"],
  [0x00081090, "dicom.facet.model"],
  [0x00185101, "dicom.facet.view"],
  [0x00200062, "dicom.facet.laterality"],
  [0x00200060, "dicom.facet.laterality"],
  [0x00185100, "dicom.facet.position"],
  [0x00280004, "dicom.facet.photometric"],
  [0x00280301, "dicom.facet.burned-in"],
  [0x00080064, "dicom.facet.conversion"],
];

const longest = 64;

/** Facets of a header by name. A value that holds a word of a name in the same header is left out. */
export function facetsOf(dataSet: DataSet): Readonly<Record<string, string>> {
  const names = namesIn(dataSet);
  const facets: Record<string, string> = {};
  for (const [tag, name] of shown) {
    const value = dataSet.text(tag).replace(/\s+/g, " ").slice(0, longest);
    const words = value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    const isClean = value !== "" && !words.some((word) => names.has(word));
    if (isClean) facets[message(name)] ??= value;
  }
  return facets;
}
