import { basename, dirname, extname, join } from "node:path";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { readClassFile } from "./class-file.ts";
import { UnreadableText } from "./text.ts";

export interface ClassSource {
  readonly kind: "file" | "model" | "beside-model" | "labels" | "numbers";
  /** The file that names them; null for the other kinds. */
  readonly file: string | null;
  /** Why these names in this order. */
  readonly words: string;
}

export interface FoundClasses {
  readonly names: readonly string[];
  readonly source: ClassSource;
  readonly notes: readonly string[];
}

export interface ClassHints {
  /** The file given for the purpose. */
  readonly file: string | null;
  readonly model: string | null;
  readonly modelClasses: readonly string[] | null;
  readonly outputs: number | null;
  /** Every label of every image, repeats and all. */
  readonly labels: readonly string[];
  /** Classes in the order that the label source declares them. */
  readonly declared: readonly string[] | null;
}

/**
 * Names of the model's outputs, in this order of search: the given file, the model's own metadata, a file beside the
 * model, the classes of the labels in sorted order where their number fits. Names by labels are a guess, which the
 * accuracy on labelled images must bear out.
 */
export async function findClasses(hints: ClassHints): Promise<FoundClasses> {
  const { file, model, modelClasses, outputs, labels, declared } = hints;
  const notes: string[] = [];
  if (file) {
    const names = await readGiven(file);
    const fitted = fitToOutputs(names, outputs);
    if (!fitted) fail("classes/count", { file, names: names.length, outputs: outputs ?? 0 });
    const words = message("intake.note.classes-file", { file: basename(file) });
    return found(fitted, { kind: "file", file, words }, notes);
  }
  if (modelClasses) {
    const fitted = fitToOutputs(modelClasses, outputs);
    if (fitted) {
      const words = message("intake.note.classes-model");
      return found(fitted, { kind: "model", file: null, words }, notes);
    }
    notes.push(misfit(message("intake.note.model-metadata"), modelClasses.length, outputs));
  }
  if (model && outputs !== null) {
    const beside = await lookBeside(model, outputs, notes);
    if (beside) return beside;
  }
  const used = [...new Set(labels)].sort();
  if (outputs === null) {
    const words = message("intake.note.classes-labels");
    return found(
      { names: declared ?? used, note: null },
      { kind: "labels", file: null, words },
      notes,
    );
  }
  if (used.length === 0 || areOutputNumbers(used, outputs)) {
    const names = Array.from({ length: outputs }, (_, no) => String(no));
    const words = message("intake.note.classes-numbers");
    return found({ names, note: null }, { kind: "numbers", file: null, words }, notes);
  }
  const sorted = [declared?.toSorted(), used].find((names) => names?.length === outputs);
  if (!sorted) fail("classes/not-found", { outputs, labels: used.length });
  const words = message("intake.note.classes-sorted", { n: outputs });
  return found({ names: sorted, note: null }, { kind: "labels", file: null, words }, notes);
}

function found(fitted: Fitted, source: ClassSource, notes: readonly string[]): FoundClasses {
  return {
    names: fitted.names,
    source,
    notes: [...notes, source.words, ...(fitted.note ? [fitted.note] : [])],
  };
}

interface Fitted {
  readonly names: readonly string[];
  readonly note: string | null;
}

/** Names as many as outputs, a class "background" in front added or dropped; null where they do not fit. */
function fitToOutputs(names: readonly string[], outputs: number | null): Fitted | null {
  if (outputs === null || names.length === outputs) return { names, note: null };
  if (names.length === outputs - 1 && names.length >= 100) {
    return {
      names: ["background", ...names],
      note: message("intake.note.background-added", { names: names.length, outputs }),
    };
  }
  if (names.length === outputs + 1 && /^(background|dummy|__background__)$/i.test(names[0] ?? "")) {
    return {
      names: names.slice(1),
      note: message("intake.note.background-dropped", { names: names.length, outputs }),
    };
  }
  return null;
}

function misfit(file: string, names: number, outputs: number | null): string {
  return message("intake.note.classes-misfit", { file, names, outputs: outputs ?? 0 });
}

async function readGiven(file: string): Promise<string[]> {
  try {
    return await readClassFile(file);
  } catch (cause) {
    if (cause instanceof UnreadableText) fail("classes/unreadable", { file, why: cause.message });
    if (cause instanceof AppError || !(cause instanceof Error)) throw cause;
    const isMissing = "code" in cause && cause.code === "ENOENT";
    fail(
      "classes/unreadable",
      { file, why: isMissing ? "it is not there" : cause.message },
      { cause },
    );
  }
}

async function lookBeside(model: string, outputs: number, notes: string[]) {
  const folder = dirname(model);
  const stem = basename(model, extname(model));
  const candidates = [
    `${basename(model)}.classes.txt`,
    `${stem}.classes.txt`,
    "classes.txt",
    "labels.txt",
  ];
  for (const name of candidates) {
    const file = join(folder, name);
    const names = await readClassFile(file).catch(() => null); // most candidates are not there
    if (!names) continue;
    const fitted = fitToOutputs(names, outputs);
    if (fitted) {
      const words = message("intake.note.classes-beside", { file: name });
      return found(fitted, { kind: "beside-model", file, words }, notes);
    }
    notes.push(misfit(name, names.length, outputs));
  }
  return null;
}

function areOutputNumbers(labels: readonly string[], outputs: number): boolean {
  return labels.every((label) => /^\d+$/.test(label) && Number(label) < outputs);
}

export interface ClassedItem {
  /** Labels in the classes' spelling where they are known. */
  readonly names: readonly string[];
  readonly classNo: number | null;
}

/**
 * Lays each image's labels on the class names: as written, else without regard to case and separators, else by the
 * first of several names ("tench, Tinca tinca"), else as output numbers where every label is one.
 */
export function assignClasses(
  classes: readonly string[],
  labels: readonly (readonly string[])[],
): { readonly items: readonly ClassedItem[]; readonly notes: readonly string[] } {
  const tiers = [
    (name: string) => name,
    loose,
    (name: string) => loose(name.split(",")[0] ?? name),
  ].map((key) => ({ key, places: placesBy(classes, key) }));
  const distinct = [...new Set(labels.flat())];
  const isKnown = (label: string) => tiers.some(({ key, places }) => places.has(key(label)));
  const areNumbers =
    !distinct.some(isKnown) && distinct.length > 0 && areOutputNumbers(distinct, classes.length);
  const numbers = new Map<string, number | null>();
  for (const label of distinct) {
    const tier = tiers.find(({ key, places }) => places.has(key(label)));
    const place = areNumbers ? Number(label) : (tier?.places.get(tier.key(label)) ?? null);
    numbers.set(label, place);
  }
  const unknown = new Map<string, number>();
  const items = labels.map((own): ClassedItem => {
    for (const label of own) {
      if (numbers.get(label) === null) unknown.set(label, (unknown.get(label) ?? 0) + 1);
    }
    const names = own.map((label) => classes[numbers.get(label) ?? -1] ?? label);
    const [only] = own;
    return {
      names,
      classNo: own.length === 1 && only !== undefined ? (numbers.get(only) ?? null) : null,
    };
  });
  const notes: string[] = [];
  if (areNumbers) notes.push(message("intake.note.labels-numbers"));
  if (unknown.size > 0) {
    const worst = [...unknown].sort((a, b) => b[1] - a[1]);
    const shown = worst.slice(0, 5).map(([name, count]) => `"${name}" ×${count}`);
    const more = worst.length > shown.length ? ", …" : "";
    notes.push(
      message("intake.note.labels-unknown", { n: unknown.size, found: shown.join(", ") + more }),
    );
  }
  return { items, notes };
}

const loose = (name: string) =>
  name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();

/** Key → index, null where two classes share the key. */
function placesBy(classes: readonly string[], key: (name: string) => string) {
  const places = new Map<string, number | null>();
  for (const [no, name] of classes.entries()) {
    const at = key(name);
    places.set(at, places.has(at) ? null : no);
  }
  return places;
}
