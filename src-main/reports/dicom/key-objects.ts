import { sequence, type DataElements } from "../../dicom/write/element.ts";
import { writePart10 } from "../../dicom/write/part10.ts";
import { dcm, type Code } from "./code.ts";
import { container, contentElements, imageContent, textContent } from "./content-item.ts";
import {
  commonModules,
  notice,
  sourceReference,
  type ExportFacts,
  type NewObject,
} from "./modules.ts";
import type { SourceImage } from "./source.ts";
import { deviceObserver, evidence } from "./structured-report.ts";

export const keyObjectsClass = "1.2.840.10008.5.1.4.1.1.88.59";

/** Titles of CID 7010: what the model got wrong is of interest, what the data got wrong is a quality issue. */
export const keyTitles = {
  spurious: dcm("113000", "Of Interest"),
  fault: dcm("113010", "Quality Issue"),
} as const satisfies Record<string, Code>;

export interface KeyObjects {
  readonly ids: Pick<NewObject, "instance" | "series" | "seriesNo" | "instanceNo">;
  readonly title: keyof typeof keyTitles;
  /** Why, in words. */
  readonly why: string;
  /** Of one study. */
  readonly sources: readonly SourceImage[];
}

/** Items of one study marked Spurious, or as a data fault, for one reason. */
export function writeKeyObjects(object: KeyObjects, facts: ExportFacts): Uint8Array {
  const { sources, title, why } = object;
  const root = container(
    keyTitles[title],
    [
      ...deviceObserver(facts),
      ["CONTAINS", textContent(dcm("113012", "Key Object Description"), `${notice}: ${why}`)],
      ...sources.map(
        (source) => ["CONTAINS", imageContent(null, sourceReference(source))] as const,
      ),
    ],
    "2010",
  );
  const elements: DataElements = [
    ...commonModules(
      { ...object.ids, sopClass: keyObjectsClass, modality: "KO", description: "key images" },
      sources[0],
      facts,
    ),
    sequence(0x00081111),
    evidence(sources),
    ...contentElements(root),
  ];
  return writePart10("explicit", elements);
}
