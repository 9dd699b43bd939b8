import type { BenchMethods } from "../../shared/contract/bench.ts";
import type { BenchItem, BenchMapId } from "../../shared/domain/bench.ts";
import { isReference } from "../../shared/domain/bench.ts";
import { usualGroups, type EvaluationGroup } from "../../shared/domain/evaluation.ts";
import type { ItemNo, JobId, ModelId } from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { SheetState } from "../../shared/domain/sheet.ts";
import { percentile } from "../../shared/statistics/percentile.ts";
import { readShortcut } from "./bench-folder.ts";
import type { Benches, HeldBench } from "./benches.ts";
import type { Engines } from "./create-audit.ts";
import {
  asItem,
  benchTitle,
  methodBench,
  sheetsToMake,
  type BenchSubject,
} from "./method-bench.ts";
import { itemEvidence, itemPath, type OpenedAudit } from "./opened-audit.ts";

export interface BenchAuditRequest {
  readonly modelId: ModelId;
  readonly tap: string | null;
  readonly target: Target;
  readonly seed: number;
  readonly items: readonly ItemNo[] | null;
  readonly methods: BenchMethods;
  readonly groups: readonly EvaluationGroup[] | null;
  readonly sample: number | null;
  readonly shortcut: string | null;
  readonly sheets: "make" | "as-they-are";
}

/** Queues a bench on an audit's images; its events and maps are held by `benches`. */
export function startBench(
  audit: OpenedAudit,
  request: BenchAuditRequest,
  { engines, benches }: { readonly engines: Engines; readonly benches: Benches },
): { readonly bench: string; readonly jobId: JobId } {
  const { store, jobs } = audit;
  const model = store.model(request.modelId);
  const held = benches.open(store.facts.id, "bench");
  const job = jobs.add({
    kind: "bench",
    title: benchTitle(),
    work: async (control) => {
      try {
        const shortcut = await readShortcut(
          store.facts.sources.images,
          request.shortcut,
          engines,
          control.signal,
        );
        const listed = request.items ? store.items(request.items) : [...store.allItems()];
        const plan = {
          bench: held.id,
          job: held.job,
          spec: {
            modelPath: model.path,
            preparation: model.preparation,
            tap: request.tap,
            target: request.target,
            methods: request.methods,
            seed: request.seed,
          },
          subjects: listed
            .filter(({ isMissing, error }) => !isMissing && error === null)
            .map((item) => ({
              ...subjectOf(audit, item, model.classNames),
              shortcut: shortcut.of.get(item.path) ?? null,
            })),
          sample: request.sample,
          groups: request.groups ?? usualGroups,
          classNames: model.classNames,
          notes: shortcut.notes,
          sheetOf: (method: MethodId, tap: string) => sheetOf(audit, request.modelId, method, tap),
          sheets: request.sheets,
        };
        const events = methodBench(plan, engines.maps, {
          signal: control.signal,
          checkpoint: () => control.checkpoint(),
          onMaps: (no, columns, outcome) => held.keepMaps(no, columns, outcome),
        });
        let failed = 0;
        let images = 0;
        for await (const event of events) {
          held.add(event);
          if (event.kind === "started") {
            images = event.planned;
            const toMake = sheetsToMake(plan, event.columns, event.settings.tap);
            control.setRunning();
            control.report({ planned: images + toMake.length });
          } else if (event.kind === "item") {
            failed += event.item.error ? 1 : 0;
            control.report({ tried: event.tried, failed });
          } else if (event.kind === "sheet") control.report({ tried: images + event.tried });
        }
        held.end();
      } catch (cause) {
        held.end(control.signal.aborted ? null : cause);
        throw cause;
      }
    },
  });
  held.job = job.id;
  return { bench: held.id, jobId: job.id };
}

/** Up to four columns of one image, made now and held for their bytes. */
export async function benchMaps(
  audit: OpenedAudit,
  request: Omit<
    BenchAuditRequest,
    "items" | "methods" | "groups" | "sample" | "shortcut" | "sheets"
  > & {
    readonly item: ItemNo;
    readonly columns: readonly BenchMapId[];
  },
  {
    engines,
    held,
    signal,
  }: {
    readonly engines: Engines;
    readonly held: HeldBench;
    readonly signal: AbortSignal | undefined;
  },
): Promise<{
  readonly bench: string;
  readonly item: BenchItem;
  readonly rawP99: readonly (number | null)[];
}> {
  const { store } = audit;
  const model = store.model(request.modelId);
  const subject = subjectOf(audit, store.item(request.item), model.classNames);
  const { tap, target, seed, columns: asked } = request;
  const methods = asked.filter((id): id is MethodId => !isReference(id));
  const { path: modelPath, preparation } = model;
  const spec = { modelPath, preparation, tap, target, methods, seed };
  const opened = await engines.maps.call("openBench", spec, signal);
  try {
    const { no, absolutePath: path, classNo: label } = subject;
    const item = { no, path, label, evidence: null, shortcut: null };
    const call = { handle: opened.handle, item, groups: [], ahead: null };
    const outcome = await engines.maps.callOnce("benchNext", call, signal);
    const made = opened.columns.map(({ id }) => id);
    held.setGrid([opened.tap.grid[1], opened.tap.grid[2]]);
    held.keepMaps(no, made, outcome);
    const whole = asItem(subject, made, outcome);
    const panes = asked.flatMap((id) => whole.panes.find((pane) => pane.id === id) ?? []);
    return {
      bench: held.id,
      item: { ...whole, panes },
      rawP99: panes.map(({ id }) => {
        const positive = held.map(no, id)?.values.filter((value) => value > 0);
        return positive && positive.length > 0 ? percentile(positive, 0.99) : null;
      }),
    };
  } finally {
    await engines.maps.callOnce("closeBench", { handle: opened.handle }).catch(() => null); // gone with its process
  }
}

function subjectOf(
  audit: OpenedAudit,
  { no, path, label, group }: Item,
  classNames: readonly string[],
): BenchSubject {
  const classNo = label === null ? -1 : classNames.indexOf(label);
  return {
    no,
    path,
    absolutePath: itemPath(audit, no),
    label,
    classNo: classNo < 0 ? null : classNo,
    group,
    evidence: itemEvidence(audit, no),
    shortcut: null,
  };
}

function sheetOf(
  { store }: OpenedAudit,
  modelId: ModelId,
  method: MethodId,
  tap: string,
): SheetState {
  return store.sheetOf({ modelId, tap, method, fitSha256: null })?.verdict ?? "not-made";
}
