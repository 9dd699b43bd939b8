import type { ReliabilitySheet, SheetFigure } from "../../shared/domain/sheet.ts";

export function sheetFigureOf(mean: number, high = mean): SheetFigure {
  return { mean, low: mean, high, defined: 16, undefined: 0 };
}

/** A sheet that passed, of two steps. */
export function sampleSheet(changes: Partial<ReliabilitySheet> = {}): ReliabilitySheet {
  const figure = sheetFigureOf(0.125, 0.25);
  const measured = { spearman: figure, ssim: figure, hog: figure, complexityRise: figure };
  return {
    id: "5e".repeat(32),
    modelSha256: "5e".repeat(32),
    preparationSha256: "ab".repeat(32),
    tap: "features",
    method: "cam",
    madeAt: "2026-03-03T13:00:00.000Z",
    order: "cascade",
    isSmooth: false,
    seed: 1,
    images: 16,
    unreadable: 0,
    forwards: 1,
    isReduced: false,
    layers: 2,
    steps: [
      { ...measured, spearman: sheetFigureOf(0.5), layers: ["fc"] },
      { ...measured, layers: ["fc", "conv"] },
    ],
    area: 0.3125,
    stepZero: { compared: 16, exact: 16, difference: 0 },
    isClassSpecific: true,
    randomLogit: figure,
    isHeadOnlySame: null,
    nullMaps: [{ input: "noise", class: 1, border: 0.5, corner: null }],
    verdict: "passed",
    reasons: [],
    ...changes,
  };
}
