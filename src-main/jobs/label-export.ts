import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { RunId } from "../../shared/domain/ids.ts";
import { pictureName } from "../../shared/domain/picture-path.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { LabelOptions } from "../../shared/domain/pseudo-labels.ts";
import type { LabelOutcome } from "../engine/protocol.ts";
import type { LabelPack } from "../store/label-pack.ts";
import { storageFailure } from "../store/storage-failure.ts";
import { LabelTally } from "./label-scores.ts";
import type { OpenedAudit } from "./opened-audit.ts";
import { packageVersion } from "./package-version.ts";

/** An outcome as the pack keeps it: its PNG lies beside it. */
export type LabelFacts = Omit<LabelOutcome, "png">;

interface LabelExport {
  readonly run: RunId;
  readonly out: string;
  readonly options: LabelOptions;
  readonly scales: readonly number[];
}

/**
 * Writes a run's labels into a folder: a palette PNG for each image, in the dataset's own folders; `annotations.json`, COCO with
 * compressed run lengths; `classes.txt`; `labels.json`, what they are and how they compare with truth.
 */
export async function exportLabels(
  { store }: OpenedAudit,
  { run: id, out, options, scales }: LabelExport,
  pack: LabelPack,
): Promise<void> {
  const run = store.runById(id);
  const { classNames, description } = store.model(run.modelId);
  const tally = new LabelTally(classNames);
  const coco = {
    images: [] as unknown[],
    categories: classNames.map((name, index) => ({ id: index + 1, name })),
    annotations: [] as unknown[],
  };
  const failed: { readonly file: string; readonly error: string }[] = [];
  const taken = new Set<string>();
  try {
    for (const { facts, bytes } of pack.records()) {
      const outcome = facts as LabelFacts; // written by the job
      const { path: listed, frame } = store.item(outcome.no);
      const path = pictureName(listed, frame);
      if (outcome.error) {
        failed.push({ file: path, error: outcome.error.code });
        continue;
      }
      tally.add(outcome);
      const file = fileFor(listed, frame, taken);
      await mkdir(join(out, dirname(file)), { recursive: true });
      await writeFile(join(out, file), bytes);
      const { width, height } = outcome;
      coco.images.push({ id: outcome.no, file_name: path, width, height });
      for (const { class: index, area, box, counts } of outcome.objects)
        coco.annotations.push({
          id: coco.annotations.length + 1,
          image_id: outcome.no,
          category_id: index + 1,
          segmentation: { size: [height, width], counts },
          area,
          bbox: box,
          iscrowd: 0,
        });
    }
    const { status, label, paper } = methods[run.method];
    const truth = tally.scores();
    const facts = {
      hansight: packageVersion("package.json"),
      audit: store.facts.name,
      run: run.no,
      method: { id: run.method, label, paper, status },
      layer: run.tap.name,
      model: { file: description.fileName, sha256: description.sha256 },
      pixels:
        "palette index: 0 background, class + 1, 255 open (between the thresholds, or not seen by the model)",
      classes: classNames,
      views: { scales, mirrored: true, n: 2 * scales.length },
      classesFrom: options.classes,
      background: options.background,
      backgroundClasses: options.backgroundClasses.map((index) => classNames[index]),
      ignoreBetween: options.ignoreBetween,
      refine: options.refine,
      ...(refinesBy(options, "walk")
        ? {
            walk: {
              name: "random walk (no IRN)",
              edges: "colour gradient",
              background: options.walkBackground,
            },
          }
        : {}),
      ...(refinesBy(options, "crf")
        ? { crf: { name: "dense CRF", sum: "every pair, exactly", longerSide: options.crfSide } }
        : {}),
      comparable: options.classes === "labels" && options.background.kind === "threshold",
      images: coco.images.length,
      failed,
      coverage: tally.coverage(),
      truth,
    };
    await writeFile(join(out, "annotations.json"), JSON.stringify(coco));
    await writeFile(join(out, "classes.txt"), `${classNames.join("\n")}\n`);
    await writeFile(join(out, "labels.json"), `${JSON.stringify(facts, null, 2)}\n`);
  } catch (cause) {
    storageFailure(cause, basename(out), out);
  }
}

function refinesBy({ refine }: LabelOptions, how: "walk" | "crf"): boolean {
  return refine === how || refine === "both";
}

/** `dogs/1.png` for `dogs/1.jpg`; of two pictures named alike the second keeps its ending too. */
function fileFor(path: string, frame: number | null, taken: Set<string>): string {
  const ending = frame === null ? ".png" : `-frame-${frame}.png`;
  const plain = path.slice(0, path.length - extname(path).length) + ending;
  const file = taken.has(plain.toLowerCase()) ? path + ending : plain;
  taken.add(file.toLowerCase());
  return file;
}
