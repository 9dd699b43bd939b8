import { basename } from "node:path";
import type { BenchMethods } from "../../shared/contract/bench.ts";
import type { Overrides } from "../../shared/contract/intake.ts";
import type { BenchEvent } from "../../shared/domain/bench.ts";
import { usualGroups, type EvaluationGroup } from "../../shared/domain/evaluation.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { readDataset } from "../datasets/read-dataset.ts";
import { findOut, type Engines, type SourcePaths } from "./create-audit.ts";
import type { HeldBench } from "./benches.ts";
import { methodBench } from "./method-bench.ts";

export interface BenchFolderRequest {
  readonly sources: SourcePaths & { readonly model: string };
  readonly overrides: Overrides & { readonly preparationPath: string | null };
  readonly methods: BenchMethods;
  readonly groups: readonly EvaluationGroup[] | null;
  readonly sample: number | null;
  /** A table, an annotation file or a folder of masks of known shortcut regions. */
  readonly shortcut: string | null;
  readonly sheets: "make" | "as-they-are";
}

/** A bench of a folder outside any audit: what `hansight compare` runs. */
export async function* benchFolder(
  request: BenchFolderRequest,
  engines: Engines,
  { held, signal }: { readonly held: HeldBench; readonly signal: AbortSignal | undefined },
): AsyncGenerator<BenchEvent> {
  const { sources, overrides } = request;
  const { dataset, model, notes } = await findOut(sources, overrides, engines);
  if (!model) throw new RangeError("a bench needs a model");
  const shortcut = await readShortcut(sources.images, request.shortcut, engines, signal);
  const groups = request.groups ?? usualGroups;
  const hasEvidence = dataset.items.some(({ evidence }) => evidence !== null);
  const plan = {
    bench: held.id,
    job: null,
    spec: {
      modelPath: model.path,
      preparation: model.proof.preparation,
      tap: overrides.tap,
      target: overrides.target ?? { kind: "predicted" as const },
      methods: request.methods,
      seed: overrides.seed ?? 1,
    },
    subjects: dataset.items.map((item) => ({
      no: item.no,
      path: item.path,
      absolutePath: item.absolutePath,
      label: item.label,
      classNo: item.classNo,
      group: item.group,
      evidence: item.evidence,
      shortcut: shortcut.of.get(item.path) ?? null,
    })),
    sample: request.sample,
    groups,
    classNames: dataset.classes,
    notes: [
      ...notes,
      ...shortcut.notes,
      ...(hasEvidence ? [message("bench.note.evidence-class")] : []),
    ],
    sheetOf: () => "not-made" as const,
    sheets: request.sheets,
  };
  yield* methodBench(plan, engines.maps, {
    signal,
    onMaps: (no, columns, outcome) => held.keepMaps(no, columns, outcome),
  });
}

/** Shortcut regions of a folder's images by path, read as evidence is: same forms, same notes. */
export async function readShortcut(
  images: string,
  path: string | null,
  engines: Engines,
  signal: AbortSignal | undefined,
): Promise<{
  readonly of: ReadonlyMap<string, EvidenceSource>;
  readonly notes: readonly string[];
}> {
  if (path === null) return { of: new Map(), notes: [] };
  const dataset = await readDataset({
    folder: images,
    evidence: path,
    probe: (file) => engines.images.call("probe", { path: file }),
    signal,
  });
  const of = new Map(
    dataset.items.flatMap(({ path: file, evidence }) => (evidence ? [[file, evidence]] : [])),
  );
  const found = { file: basename(path), n: of.size, total: dataset.items.length };
  return { of, notes: [message("bench.note.shortcut", found)] };
}
