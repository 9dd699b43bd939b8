import { findBetterOrder } from "../datasets/class-order.ts";
import type { EngineClient } from "../engine/client.ts";
import {
  candidatePreparations,
  parseGeometry,
  type PreparationWish,
} from "../../shared/domain/candidate-preparations.ts";
import { parseWindow } from "../../shared/domain/picture-window.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Preparation, PresetId } from "../../shared/domain/preparation.ts";
import { judgeProof, type ProofRow, type ProofVerdict } from "../../shared/domain/proof.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { sample as drawSample } from "../../shared/statistics/sample.ts";

/** Labelled images a preparation is tried on at most. */
const proofSize = 100;

export interface ProofItem {
  readonly absolutePath: string;
  /** Index of the label in the model's outputs. */
  readonly classNo: number | null;
  readonly label: string | null;
}

/** Names of the model's outputs as they were found. `isGuess`: nobody stated their order. */
export interface ProofClasses {
  readonly names: readonly string[];
  readonly source: string;
  readonly isGuess: boolean;
}

export interface PreparationProof {
  readonly preparation: Preparation;
  readonly rows: readonly ProofRow[];
  readonly verdict: ProofVerdict;
}

/**
 * Finds a model's preparation, or tests the one a person chose, by the accuracy of every preset that fits on seeded
 * labelled images (`inputs.md` 5).
 *
 * @throws AppError `classes/wrong-order` when a guessed order of the classes is wrong and another one right;
 *   `preparation/unclear` when no preset was chosen and none leads by 10 points
 */
export async function provePreparation(
  engine: EngineClient,
  model: { readonly path: string; readonly description: ModelDescription },
  items: readonly ProofItem[],
  classes: ProofClasses,
  wish: PreparationWish & { readonly whole: Preparation | null; readonly seed: number },
): Promise<PreparationProof> {
  const candidates = candidatePreparations(model.description, wish);
  const whole =
    wish.whole && wish.window ? { ...wish.whole, window: wish.window } : (wish.whole ?? null);
  const chosen = whole ?? candidates.find(({ preset }) => preset === wish.preset) ?? null;
  if (wish.preset !== null && !chosen) {
    const fitting = candidates.map(({ preset }) => preset).join(", ");
    fail("preparation/does-not-fit", { preset: wish.preset, fitting });
  }
  const labelled = items.filter(({ classNo }) => classNo !== null);
  const sample = drawSample(labelled, proofSize, wish.seed);
  const tried = whole ? [whole] : candidates;
  const answers = sample.length > 0 ? await predict(engine, model.path, tried, sample) : [];
  const rows = tried.map((preparation, i): ProofRow => {
    const given = answers[i] ?? [];
    const right = given.filter((answer, k) => answer !== null && answer === sample[k].classNo);
    const preset = preparation.preset === "custom" ? (wish.preset ?? "unit") : preparation.preset;
    return { preset, right: right.length, n: given.filter((answer) => answer !== null).length };
  });
  if (classes.isGuess) requireOrder(classes, answers, sample, rows);
  const isSame = (a: PresetId, b: PresetId) => {
    const [i, k] = [a, b].map((id) => tried.findIndex(({ preset }) => preset === id));
    return answers[i].every((answer, at) => answer === answers[k][at]);
  };
  const verdict = judgeProof(rows, wish.preset ?? (wish.whole ? rows[0].preset : null), isSame);
  if (chosen) return { preparation: chosen, rows, verdict };
  if (verdict.kind === "unclear") fail("preparation/unclear", { table: tableOf(rows) });
  if (verdict.kind === "proven") {
    const preparation = candidates.find(({ preset }) => preset === verdict.best.preset);
    if (preparation) return { preparation, rows, verdict };
  }
  return { preparation: usual(candidates), rows, verdict };
}

/** Refuses a guessed order of the classes under which another one would be right far more often. */
function requireOrder(
  { names, source }: ProofClasses,
  answers: readonly (readonly (number | null)[])[],
  sample: readonly ProofItem[],
  rows: readonly ProofRow[],
): void {
  const right = Math.max(0, ...rows.map((row) => row.right));
  const found = answers.flatMap((given) => {
    const outcomes = given.flatMap((predicted, k) => {
      const { label } = sample[k];
      return predicted === null || label === null ? [] : [{ predicted, label }];
    });
    return findBetterOrder(names, outcomes) ?? [];
  });
  const [better] = found.toSorted((a, b) => b.right - a.right);
  if (!better || better.right - right < 0.1 * better.n) return;
  const { n, words: order } = better;
  fail("classes/wrong-order", { source, right, n, order, better: better.right });
}

/** The wish that a contract's overrides express. */
export function wishOf(
  overrides: {
    readonly preset: PresetId | null;
    readonly geometry: string | null;
    readonly resample: PreparationWish["resample"];
    readonly window?: string | null | undefined;
  },
  description: ModelDescription,
): PreparationWish {
  const { widthPx, heightPx } = description.input;
  const geometry =
    overrides.geometry === null
      ? null
      : parseGeometry(overrides.geometry, Math.min(widthPx ?? 224, heightPx ?? 224));
  if (overrides.geometry !== null && !geometry) {
    fail("usage/bad-option", { option: "--geometry", why: overrides.geometry });
  }
  const { preset, resample, window: asked = null } = overrides;
  const window = asked === null ? null : parseWindow(asked);
  if (asked !== null && !window) fail("usage/bad-option", { option: "--window", why: asked });
  return { preset, geometry, resample, window };
}

/** Index of the predicted class per preparation and image; null where the image could not be read. */
async function predict(
  engine: EngineClient,
  modelPath: string,
  preparations: readonly Preparation[],
  sample: readonly ProofItem[],
): Promise<readonly (readonly (number | null)[])[]> {
  const paths = sample.map(({ absolutePath }) => absolutePath);
  const predicted = await engine.call("predict", { modelPath, preparations, paths });
  return predicted.map((answers) =>
    answers.map((answer) => (answer instanceof Float32Array ? indexOfLargest(answer) : null)),
  );
}

function indexOfLargest(values: Float32Array): number {
  if (values.length === 1) return values[0] > 0 ? 1 : 0;
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** Without labels: `torchvision` or `grey-imagenet` where it fits, else the first that does. */
function usual(candidates: readonly Preparation[]): Preparation {
  const wanted = candidates.find(({ preset }) =>
    ["torchvision", "keras-torch", "grey-imagenet"].includes(preset),
  );
  return wanted ?? candidates[0];
}

function tableOf(rows: readonly ProofRow[]): string {
  return rows
    .toSorted((a, b) => b.right - a.right)
    .map(({ preset, right, n }) => `${preset} ${right} of ${n}`)
    .join(", ");
}

/** The warning of a doubtful choice, in the catalogue's words; null for any other verdict. */
export function proofWarning(verdict: ProofVerdict): AppError | null {
  if (verdict.kind !== "doubtful") return null;
  const { chosen, better } = verdict;
  return new AppError("preparation/doubtful", {
    n: chosen.n,
    accuracy: Math.round((100 * chosen.right) / chosen.n),
    better: better.preset,
    betterAccuracy: Math.round((100 * better.right) / better.n),
  });
}
