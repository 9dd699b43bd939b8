import {
  decimal,
  sequence,
  text,
  type DataElements,
  type WriteElement,
} from "../../dicom/write/element.ts";
import { codeItem, coded, type Code } from "./code.ts";

/** How an item of a report stands to the one it lies in (PS3.3 C.17.3.2.4). */
export type Relation =
  "CONTAINS" | "HAS OBS CONTEXT" | "HAS CONCEPT MOD" | "INFERRED FROM" | "SELECTED FROM";

/** An item of a report's tree, without the relation to its parent. */
export interface ContentItem {
  readonly type: string;
  readonly name: Code | null;
  readonly value: readonly WriteElement[];
  readonly children: readonly (readonly [Relation, ContentItem])[];
}

type Children = ContentItem["children"];

export function container(
  name: Code,
  children: Children,
  template: string | null = null,
): ContentItem {
  const templated = [
    sequence(0x0040a504, [text(0x00080105, "CS", "DCMR"), text(0x0040db00, "CS", template ?? "")]),
  ];
  const value = [text(0x0040a050, "CS", "SEPARATE"), ...(template === null ? [] : templated)];
  return { type: "CONTAINER", name, value, children };
}

export function codeContent(name: Code, value: Code, children: Children = []): ContentItem {
  return { type: "CODE", name, value: [coded(0x0040a168, value)], children };
}

export function textContent(name: Code, value: string): ContentItem {
  return { type: "TEXT", name, value: [text(0x0040a160, "UT", value)], children: [] };
}

export function personContent(name: Code, value: string): ContentItem {
  const plain = value
    .replace(/[\\^=\p{Cc}]/gu, " ")
    .trim()
    .slice(0, 64);
  return { type: "PNAME", name, value: [text(0x0040a123, "PN", plain || "Reader")], children: [] };
}

export function uidContent(name: Code, value: string): ContentItem {
  return { type: "UIDREF", name, value: [text(0x0040a124, "UI", value)], children: [] };
}

/** A number with its unit. */
export function numberContent(
  name: Code,
  value: number,
  unit: Code,
  children: Children = [],
): ContentItem {
  const measured = sequence(0x0040a300, [
    { tag: 0x0040a161, vr: "FD", value: [value] },
    text(0x0040a30a, "DS", decimal(value)),
    sequence(0x004008ea, codeItem(unit)),
  ]);
  return { type: "NUM", name, value: [measured], children };
}

/** A picture, or another object that is one. */
export function imageContent(
  name: Code | null,
  reference: DataElements,
  children: Children = [],
): ContentItem {
  return { type: "IMAGE", name, value: [sequence(0x00081199, reference)], children };
}

/** A shape on a picture: columns and rows in pixels, 0 being the outer edge of the first. */
export function shapeContent(
  name: Code,
  graphic: "POLYLINE" | "ELLIPSE",
  points: readonly number[],
  picture: ContentItem,
): ContentItem {
  const value: WriteElement[] = [
    { tag: 0x00700022, vr: "FL", value: points },
    text(0x00700023, "CS", graphic),
  ];
  return { type: "SCOORD", name, value, children: [["SELECTED FROM", picture]] };
}

/** The tree as elements; the root has no relation. */
export function contentElements(item: ContentItem, relation: Relation | null = null): DataElements {
  const { type, name, value, children } = item;
  return [
    ...(relation === null ? [] : [text(0x0040a010, "CS", relation)]),
    text(0x0040a040, "CS", type),
    ...(name === null ? [] : [coded(0x0040a043, name)]),
    ...value,
    ...(children.length === 0
      ? []
      : [sequence(0x0040a730, ...children.map(([how, child]) => contentElements(child, how)))]),
  ];
}
