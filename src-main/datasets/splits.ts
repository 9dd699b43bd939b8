const splitNames = new Set(
  "train training trainset val valid validation valset dev test testing testset eval holdout".split(
    " ",
  ),
);

/** Whether a folder's name says which part of a dataset it holds, not which class. */
export function isSplitName(name: string): boolean {
  return splitNames.has(name.toLowerCase());
}

/** The part of the dataset that a path lies in, by the first folder named like one; null without. */
export function splitOf(path: string): string | null {
  const folders = path.split("/").slice(0, -1);
  return folders.find((name) => isSplitName(name))?.toLowerCase() ?? null;
}
