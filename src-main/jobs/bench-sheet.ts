import type { MethodId } from "../../shared/domain/method-id.ts";
import { sheetRules, type SheetVerdict } from "../../shared/domain/sheet.ts";
import { sample } from "../../shared/statistics/sample.ts";
import type { EngineClient } from "../engine/client.ts";
import type { BenchPlan } from "./method-bench.ts";
import { usualSheet } from "./reliability-sheet.ts";

/** The verdict of a reliability sheet made now for one method of a bench, on images drawn by its seed. */
export async function makeSheet(
  {
    spec,
    subjects,
    method,
    tap,
  }: Pick<BenchPlan, "spec" | "subjects"> & {
    readonly method: MethodId;
    readonly tap: string;
  },
  engine: EngineClient,
  signal: AbortSignal | undefined,
): Promise<SheetVerdict> {
  const { order, isSmooth } = usualSheet;
  const items = sample(subjects, sheetRules.images, spec.seed).map(
    ({ no, absolutePath, group }) => ({ no, path: absolutePath, group, stored: null }),
  );
  const { modelPath, preparation, seed } = spec;
  const model = { modelPath, preparation, tap, method, fitted: null };
  const { handle } = await engine.callOnce(
    "openSheet",
    { ...model, seed, items, order, isSmooth },
    signal,
  );
  try {
    for (;;) {
      const { sheet } = await engine.callOnce("sheetNext", { handle }, signal);
      if (sheet) return sheet.verdict;
    }
  } finally {
    await engine.callOnce("closeSheet", { handle }).catch(() => null); // gone with its process
  }
}
