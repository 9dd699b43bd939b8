import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import type { Annotations } from "./annotations.ts";
import { listFolder, type ListingOptions } from "./listing.ts";
import type { ReadContext, Source } from "./reader.ts";
import { readers } from "./registry.ts";
import { readHead, UnreadableText } from "./text.ts";

/** Looks at a label or evidence path just enough to tell its format. */
export async function openSource(
  path: string,
  what: "labels" | "evidence",
  { signal, isAllowed }: ListingOptions = {},
): Promise<Source> {
  const found = await stat(path).catch((cause: unknown) =>
    fail(`${what}/not-found`, { file: path }, { cause }),
  );
  if (found.isDirectory()) {
    const { images, others } = await listFolder(path, { signal, isAllowed });
    const files = [...images.map((image) => image.path), ...others];
    return { kind: "folder", path, shownPath: path, extension: "", head: "", files };
  }
  const extension = extname(path).toLowerCase();
  const head = await readHead(path);
  return { kind: "file", path, shownPath: path, extension, head, files: [] };
}

/** Reads a source by the first reader that recognises it; what it cannot read is an error that says why. */
export async function readSource(source: Source, context: ReadContext): Promise<Annotations> {
  const reader = readers.find((candidate) => candidate.recognises(source));
  const formats = readers.flatMap(({ label }) => label || []).join(", ");
  const file = source.shownPath;
  const what = context.needs === "label" ? "labels" : "evidence";
  if (!reader) fail(`${what}/unknown-format`, { file, formats });
  try {
    return await reader.read(source, context);
  } catch (cause) {
    if (cause instanceof AppError || context.signal?.aborted) throw cause;
    if (cause instanceof UnreadableText) {
      fail(`${what}/unreadable`, { file, why: cause.message }, { cause });
    }
    const isSystem = cause instanceof Error && "syscall" in cause;
    if (isSystem) fail(`${what}/unreadable`, { file, why: cause.message }, { cause });
    throw cause;
  }
}
