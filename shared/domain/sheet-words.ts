import { message } from "../messages/catalogue.ts";
import { methods } from "./methods.ts";
import {
  sheetRules,
  type ReliabilitySheet,
  type SheetFigure,
  type SheetReason,
  type SheetState,
} from "./sheet.ts";

/** What every reader must be told before any score of a run's maps: the gate of the wording. */
export function sheetSentence(sheet: ReliabilitySheet | null): string {
  if (!sheet) return message("sheet.sentence.not-made");
  const { verdict, reasons, images } = sheet;
  const values = {
    method: methods[sheet.method].label,
    n: images,
    ...limitsOf(sheet),
    reasons: reasons.map((reason) => reasonWords(reason, sheet)).join("; "),
  };
  return message(`sheet.sentence.${verdict}`, values);
}

/** Whether scores of these maps carry a warning. */
export function isGated(state: SheetState): boolean {
  return state === "failed" || state === "undefined";
}

function reasonWords(reason: SheetReason, sheet: ReliabilitySheet): string {
  const limits = {
    spearman: sheetRules.spearman,
    interval: sheetRules.spearmanHigh,
    "random-logit": sheetRules.randomLogit,
    "too-few-defined": sheetRules.defined,
  } satisfies Record<SheetReason, number>;
  return message(`sheet.reason.${reason}`, {
    ...limitsOf(sheet),
    limit: limits[reason].toFixed(2),
  });
}

function limitsOf({ steps, randomLogit }: ReliabilitySheet) {
  const last = steps.at(-1)?.spearman;
  return {
    mean: number(last?.mean ?? null),
    high: number(last?.high ?? null),
    logit: number(randomLogit.mean),
  };
}

/** The cascade as a table: heads, then a row for each step. */
export function sheetTable({ steps }: ReliabilitySheet): {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  return {
    heads: [
      message("sheet.column.layers"),
      message("sheet.column.spearman"),
      message("sheet.column.ssim"),
      message("sheet.column.hog"),
      message("sheet.column.rise"),
      message("sheet.column.undefined"),
    ],
    rows: steps.map(({ layers, spearman, ssim, hog, complexityRise }) => [
      String(layers.length),
      figureWords(spearman),
      number(ssim.mean),
      number(hog.mean),
      number(complexityRise.mean),
      String(spearman.undefined),
    ]),
  };
}

/** Everything else a sheet says, as pairs of a name and words. */
export function sheetFacts(sheet: ReliabilitySheet): readonly (readonly [string, string])[] {
  const method = methods[sheet.method].label;
  const { stepZero, isHeadOnlySame, randomLogit, isClassSpecific, nullMaps } = sheet;
  return [
    [
      message("sheet.logit"),
      isClassSpecific ? figureWords(randomLogit) : message("sheet.logit.free", { method }),
    ],
    [message("sheet.area"), number(sheet.area)],
    ...(isHeadOnlySame === null
      ? []
      : [
          [
            message("sheet.head-only"),
            message(isHeadOnlySame ? "sheet.head-only.same" : "sheet.head-only.changed", {
              method,
            }),
          ] as const,
        ]),
    [message("sheet.step-zero"), stepZeroWords(stepZero)],
    ...(nullMaps.length > 0
      ? [[message("sheet.null"), `${nullWords(sheet)}. ${message("sheet.null.note")}`] as const]
      : []),
    [message("sheet.data"), message("sheet.data.words")],
  ];
}

/** How it was made, sentence by sentence. */
export function sheetNotes(sheet: ReliabilitySheet): readonly string[] {
  const { images, layers, order, forwards, steps, unreadable, isSmooth, seed } = sheet;
  return [
    message(order === "cascade" ? "sheet.size" : "sheet.size.independent", { images, layers }),
    ...(sheet.isReduced
      ? [
          message("sheet.reduced", {
            forwards: Math.round(forwards),
            images,
            steps: steps.length,
          }),
        ]
      : []),
    ...(unreadable > 0 ? [message("sheet.unreadable", { n: unreadable })] : []),
    ...(isSmooth ? [message("sheet.smooth")] : []),
    message("sheet.draw", { seed }),
  ];
}

/** "0.12 (0.05 to 0.19)". */
export function figureWords({ mean, low, high }: SheetFigure): string {
  if (mean === null) return message("sheet.figure.none");
  return message("sheet.figure", { mean: number(mean), low: number(low), high: number(high) });
}

function stepZeroWords({ compared, exact, difference }: ReliabilitySheet["stepZero"]): string {
  if (compared === 0) return message("sheet.step-zero.none");
  return message(exact === compared ? "sheet.step-zero.exact" : "sheet.step-zero.differ", {
    exact,
    compared,
    difference: (difference ?? 0).toExponential(1),
  });
}

/** Means over the classes, for each kind of empty picture. */
function nullWords({ nullMaps }: ReliabilitySheet): string {
  return (["mean-colour", "noise"] as const)
    .map((input) => {
      const own = nullMaps.filter((map) => map.input === input);
      const values = {
        input: message(`sheet.null.${input}`),
        border: share(own.map(({ border }) => border)),
        corner: share(own.map(({ corner }) => corner)),
      };
      return message(values.border === "" ? "sheet.null.none" : "sheet.null.value", values);
    })
    .join("; ");
}

function share(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  return `${Math.round((100 * known.reduce((sum, value) => sum + value, 0)) / known.length)} %`;
}

function number(value: number | null): string {
  if (value === null) return message("sheet.figure.none");
  const text = value.toFixed(2);
  return Number(text) === 0 ? "0.00" : text.replace("-", "−");
}
