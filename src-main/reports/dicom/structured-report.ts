import type { Reason, RegionKind, Shape, Verdict } from "../../../shared/domain/review.ts";
import { sequence, text, type DataElements, type WriteElement } from "../../dicom/write/element.ts";
import { writePart10 } from "../../dicom/write/part10.ts";
import { newUid } from "./uids.ts";
import { dcm, own, reasonCodes, regionCodes, verdictCodes, type Code } from "./code.ts";
import {
  codeContent,
  container,
  contentElements,
  imageContent,
  numberContent,
  personContent,
  shapeContent,
  textContent,
  uidContent,
  type ContentItem,
} from "./content-item.ts";
import { commonModules, sourceReference, type ExportFacts, type NewObject } from "./modules.ts";
import type { SourceImage } from "./source.ts";

export const structuredReportClass = "1.2.840.10008.5.1.4.1.1.88.33";

/** What one reader said of one item. */
export interface SpokenVerdict {
  readonly reader: string;
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly fault: string | null;
}

/** A region and the tests made with it: drops are of the score's probability. */
export interface SpokenRegion {
  readonly kind: RegionKind;
  readonly shape: Shape;
  readonly tests: readonly {
    readonly fill: string;
    readonly drop: number;
    readonly controlMean: number | null;
  }[];
}

/** An object of the same export. */
export interface Referenced {
  readonly sopClass: string;
  readonly instance: string;
  readonly series: string;
}

export interface ReportedItem {
  readonly no: number;
  readonly source: SourceImage;
  readonly verdicts: readonly SpokenVerdict[];
  readonly regions: readonly SpokenRegion[];
  /** 0..1; null where it has none. */
  readonly suspicion: number | null;
  readonly map: Referenced | null;
}

export interface StructuredReport {
  readonly ids: Pick<NewObject, "instance" | "series" | "seriesNo" | "instanceNo">;
  /** All of one study. */
  readonly items: readonly ReportedItem[];
  readonly algorithm: {
    readonly name: string;
    readonly version: string;
    readonly parameters: string;
  };
  /** Of CID 217. */
  readonly kind: Code;
}

type Child = readonly [ContentItemRelation, ContentItem];
type ContentItemRelation = ContentItem["children"][number][0];

const ratio: Code = { value: "1", scheme: "UCUM", meaning: "no units" };
const method: Code = { value: "370129005", scheme: "SCT", meaning: "Measurement Method" };

/** Verdicts, reasons, regions and measurements of one study's items, as TID 1500. */
export function writeStructuredReport(object: StructuredReport, facts: ExportFacts): Uint8Array {
  const { items, algorithm, kind } = object;
  const [{ source }] = items;
  const readers = [...new Set(items.flatMap(({ verdicts }) => verdicts.map((one) => one.reader)))];
  const root = container(
    dcm("126000", "Imaging Measurement Report"),
    [
      [
        "HAS CONCEPT MOD",
        codeContent(dcm("121049", "Language of Content Item and Descendants"), {
          value: "en",
          scheme: "RFC5646",
          meaning: "English",
        }),
      ],
      ...deviceObserver(facts),
      ...readers.flatMap(personObserver),
      [
        "HAS CONCEPT MOD",
        codeContent(dcm("121058", "Procedure reported"), {
          value: "363679005",
          scheme: "SCT",
          meaning: "Imaging procedure",
        }),
      ],
      [
        "CONTAINS",
        container(dcm("111028", "Image Library"), [
          [
            "CONTAINS",
            container(
              dcm("126200", "Image Library Group"),
              items.map((item): Child => ["CONTAINS", picture(item.source)]),
            ),
          ],
        ]),
      ],
      [
        "CONTAINS",
        container(
          dcm("126010", "Imaging Measurements"),
          items.flatMap((item) => groupsOf(item, algorithm, kind)),
        ),
      ],
    ],
    "1500",
  );
  const elements: DataElements = [
    ...commonModules(
      { ...object.ids, sopClass: structuredReportClass, modality: "SR", description: "review" },
      source,
      facts,
    ),
    ...documentElements(items),
    ...contentElements(root),
  ];
  return writePart10("explicit", elements);
}

/** What SR documents say of themselves, and the objects that they refer to. */
function documentElements(items: readonly ReportedItem[]): WriteElement[] {
  return [
    sequence(0x00081111),
    sequence(0x0040a372),
    text(0x0040a491, "CS", "COMPLETE"),
    text(0x0040a493, "CS", "UNVERIFIED"),
    text(0x0040a496, "CS", "FINAL"),
    evidence(
      items.flatMap(({ source, map }) => [
        source,
        ...(map ? [{ ...map, study: source.study }] : []),
      ]),
    ),
  ];
}

/** Current Requested Procedure Evidence: every object that is named, by study and series. */
export function evidence(
  objects: readonly (Referenced & { readonly study: string })[],
): WriteElement {
  return sequence(
    0x0040a375,
    ...[...Map.groupBy(objects, ({ study }) => study)].map(([study, ofStudy]): DataElements => [
      sequence(
        0x00081115,
        ...[...Map.groupBy(ofStudy, ({ series }) => series)].map(([series, own]): DataElements => {
          const instances = new Map(own.map((one) => [one.instance, one]));
          return [
            sequence(
              0x00081199,
              ...[...instances.values()].map(({ sopClass, instance }) => [
                text(0x00081150, "UI", sopClass),
                text(0x00081155, "UI", instance),
              ]),
            ),
            text(0x0020000e, "UI", series),
          ];
        }),
      ),
      text(0x0020000d, "UI", study),
    ]),
  );
}

function groupsOf(
  item: ReportedItem,
  algorithm: StructuredReport["algorithm"],
  kind: Code,
): Child[] {
  const shown: Child[] = item.map
    ? [
        [
          "CONTAINS",
          imageContent(
            dcm("130401", "Visual Explanation"),
            [text(0x00081150, "UI", item.map.sopClass), text(0x00081155, "UI", item.map.instance)],
            [["HAS CONCEPT MOD", codeContent(method, kind)]],
          ),
        ],
      ]
    : [];
  const whole = group(`Item ${item.no}`, [
    ...algorithmOf(algorithm),
    [
      "CONTAINS",
      imageContent(dcm("121112", "Source of Measurement"), sourceReference(item.source)),
    ],
    ...(item.suspicion === null
      ? []
      : [
          [
            "CONTAINS",
            numberContent(
              own("M-S", "Suspicion: right answer, wrong focus"),
              item.suspicion,
              ratio,
            ),
          ] as const,
        ]),
    ...shown,
  ]);
  const spoken = item.verdicts.map((one) =>
    group(`Item ${item.no}`, [
      ...personObserver(one.reader),
      [
        "CONTAINS",
        imageContent(dcm("121112", "Source of Measurement"), sourceReference(item.source)),
      ],
      ...(one.verdict
        ? [
            [
              "CONTAINS",
              codeContent(own("Q-V", "Verdict on the model's focus"), verdictCodes[one.verdict]),
            ] as const,
          ]
        : []),
      ...one.reasons.map((reason): Child => [
        "CONTAINS",
        codeContent(own("Q-R", "Reason"), reasonCodes[reason]),
      ]),
      ...(one.fault
        ? [
            [
              "CONTAINS",
              codeContent(own("Q-F", "Data fault"), own(`F-${one.fault}`.slice(0, 16), one.fault)),
            ] as const,
          ]
        : []),
    ]),
  );
  const regions = item.regions.map((region, i) =>
    group(`Item ${item.no} region ${i + 1}`, [
      ["CONTAINS", codeContent(dcm("121071", "Finding"), regionCodes[region.kind])],
      ...shapesOf(region.shape, item.source).map(({ graphic, points }): Child => [
        "CONTAINS",
        shapeContent(dcm("111030", "Image Region"), graphic, points, picture(item.source)),
      ]),
      ...region.tests.flatMap(({ fill, drop, controlMean }): Child[] => {
        const how: Child = [
          "HAS CONCEPT MOD",
          codeContent(method, own(`T-${fill}`.slice(0, 16), `Region covered by ${fill}`)),
        ];
        const controls = own("M-C", "Mean drop of score by covering controls");
        return [
          [
            "CONTAINS",
            numberContent(own("M-D", "Drop of score by covering the region"), drop, ratio, [how]),
          ],
          ...(controlMean === null
            ? []
            : [["CONTAINS", numberContent(controls, controlMean, ratio, [how])] as const]),
        ];
      }),
    ]),
  );
  return [whole, ...spoken, ...regions].map((one): Child => ["CONTAINS", one]);
}

function group(tracked: string, children: readonly Child[]): ContentItem {
  return container(dcm("125007", "Measurement Group"), [
    ["HAS OBS CONTEXT", textContent(dcm("112039", "Tracking Identifier"), tracked)],
    ["HAS OBS CONTEXT", uidContent(dcm("112040", "Tracking Unique Identifier"), newUid())],
    ...children,
  ]);
}

function algorithmOf({ name, version, parameters }: StructuredReport["algorithm"]): Child[] {
  return [
    ["HAS CONCEPT MOD", textContent(dcm("111001", "Algorithm Name"), name)],
    ["HAS CONCEPT MOD", textContent(dcm("111003", "Algorithm Version"), version)],
    ["HAS CONCEPT MOD", textContent(dcm("111002", "Algorithm Parameters"), parameters)],
  ];
}

const observerType = dcm("121005", "Observer Type");

export function personObserver(reader: string): Child[] {
  return [
    ["HAS OBS CONTEXT", codeContent(observerType, dcm("121006", "Person"))],
    ["HAS OBS CONTEXT", personContent(dcm("121008", "Person Observer Name"), reader)],
  ];
}

export function deviceObserver({ softwareVersion }: ExportFacts): Child[] {
  const say = (code: Code, value: string): Child => ["HAS OBS CONTEXT", textContent(code, value)];
  return [
    ["HAS OBS CONTEXT", codeContent(observerType, dcm("121007", "Device"))],
    ["HAS OBS CONTEXT", uidContent(dcm("121012", "Device Observer UID"), newUid())],
    say(dcm("121013", "Device Observer Name"), "Hansight"),
    say(dcm("121014", "Device Observer Manufacturer"), "Hansight"),
    say(dcm("121015", "Device Observer Model Name"), `Hansight ${softwareVersion}`),
  ];
}

function picture(source: SourceImage): ContentItem {
  return imageContent(null, sourceReference(source));
}

/** A shape in pixels of the source: columns and rows from the picture's outer edge; holes are shapes of their own. */
function shapesOf(shape: Shape, { rows, columns }: SourceImage) {
  const across = (x: number) => x * columns;
  const down = (y: number) => y * rows;
  if (shape.kind === "polygon")
    return shape.rings.map((ring) => {
      const points = ring.map((value, i) => (i % 2 === 0 ? across(value) : down(value)));
      return { graphic: "POLYLINE" as const, points: [...points, points[0], points[1]] };
    });
  const [left, right] = [across(shape.x), across(shape.x + shape.w)];
  const [top, bottom] = [down(shape.y), down(shape.y + shape.h)];
  if (shape.kind === "rect")
    return [
      {
        graphic: "POLYLINE" as const,
        points: [left, top, right, top, right, bottom, left, bottom, left, top],
      },
    ];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  // Ends of the longer axis first, then of the shorter (PS3.3 C.18.6.1.2).
  const axes = [
    [left, y, right, y],
    [x, top, x, bottom],
  ];
  return [
    {
      graphic: "ELLIPSE" as const,
      points: right - left >= bottom - top ? axes.flat() : axes.toReversed().flat(),
    },
  ];
}
