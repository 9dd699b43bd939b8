import { createHash } from "node:crypto";
import type { FitChoice } from "../../shared/contract/runs.ts";
import type { FitOptions } from "../../shared/domain/fit.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { sample } from "../../shared/statistics/sample.ts";
import type { FitPlan } from "../store/fits.ts";
import type { NewModel } from "../store/models.ts";
import type { OpenedAudit } from "./opened-audit.ts";

/** Items learnt from at most, a seeded sample of more: at 2,048 channels their vectors take 82 MB. */
const mostItems = 10_000;

/**
 * What a method of this audit learns from: every item with a label that the model knows; where there is none, every item, by the
 * model's own answers. `labels` is the hash of all of it.
 */
export function planFit(
  { store }: Pick<OpenedAudit, "store">,
  { classNames }: Pick<NewModel, "classNames">,
  { fit, seed }: { readonly fit?: FitChoice | undefined; readonly seed: number },
): FitPlan & { readonly labels: string } {
  const all = Array.from({ length: store.itemCount() }, (_, no) => no).filter(
    (no) => store.item(no).error === null,
  );
  const known = new Map(all.map((no) => [no, labelsOf({ store }, classNames, no)]));
  const labelled = all.filter((no) => (known.get(no)?.length ?? 0) > 0);
  const source = labelled.length > 0 ? "labels" : "predictions";
  const among = labelled.length > 0 ? labelled : all;
  const items = sample(among, mostItems, seed).toSorted((a, b) => a - b);
  const hash = createHash("sha256").update(source);
  for (const no of items) hash.update(`\n${no}\t${known.get(no)?.join(",")}`);
  return { source, options: optionsOf(fit, classNames), items, labels: hash.digest("hex") };
}

/** Outputs that an item is labelled with: one, or several. */
export function labelsOf(
  { store }: Pick<OpenedAudit, "store">,
  classNames: readonly string[],
  no: ItemNo,
): number[] {
  const { label, labels } = store.item(no);
  const names = label === null ? labels : [label];
  return names.map((name) => classNames.indexOf(name)).filter((index) => index >= 0);
}

function optionsOf(choice: FitChoice | undefined, classNames: readonly string[]): FitOptions {
  const classes = choice?.classes?.map((name) => {
    const index = classNames.indexOf(name);
    return index < 0 ? fail("run/no-such-label", { label: name }) : index;
  });
  return { classes: classes?.toSorted((a, b) => a - b) ?? null, mix: choice?.mix ?? null };
}
