import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import { parseModel, type Model, type ReadExternal } from "./wire.ts";

/** A model file that was read, before anything is made of it. */
export interface ModelFile {
  readonly model: Model;
  readonly fileName: string;
  /** Of the model file itself; weights beside it are not part of it. */
  readonly sha256: string;
}

/** Protobuf holds no more, and neither does one buffer. */
const largestBytes = 2 ** 31 - 1;

/** Reads a model from disk. What is no model is refused by what it really is. */
export function readModelFile(path: string): ModelFile {
  const fileName = basename(path);
  const refuse = (why: string, cause?: unknown) =>
    fail("model/unreadable", { file: fileName, why }, { cause });
  let bytes: Uint8Array;
  try {
    const size = sizeOf(path);
    if (size === null) return refuse("it is a folder");
    if (size === 0) return refuse("the file is empty");
    if (size > largestBytes) return refuse("it is larger than 2 GiB");
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") fail("model/not-found", { file: fileName });
    return refuse(`the system says "${error instanceof Error ? error.message : error}"`, error);
  }
  const disguise = whatItReallyIs(bytes);
  if (disguise) refuse(disguise);
  try {
    const model = parseModel(bytes, besides(path));
    return { model, fileName, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return refuse(whyUnreadable(error), error);
  }
}

function sizeOf(path: string): number | null {
  const handle = openSync(path, "r");
  try {
    const stat = fstatSync(handle);
    return stat.isDirectory() ? null : stat.size;
  } finally {
    closeSync(handle);
  }
}

function whatItReallyIs(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 512)).trimStart();
  if (/^<(!doctype|html|\?xml)/i.test(head))
    return "it is a web page, as a failed download leaves it";
  if (head.startsWith("version https://git-lfs"))
    return "it is a Git LFS pointer, the model itself was not downloaded";
  if (head.startsWith("PK\u0003\u0004")) return "it is a ZIP archive (PyTorch and Keras save such)";
  if (head.startsWith("\u0089HDF")) return "it is an HDF5 file, as Keras saves it";
  if (head.slice(4, 8) === "TFL3") return "it is a TensorFlow Lite model";
  if (head.startsWith("{")) return "it is a text file (JSON)";
  return undefined;
}

/** Protobuf's own words say little: bytes that end early are a truncated file, anything else is no model at all. */
function whyUnreadable(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  if (why.startsWith("it ") || why.startsWith("weight ")) return why;
  if (/index out of range/.test(why)) return "the file ends early or is no ONNX model";
  return "it is no ONNX model";
}

/** Weights stored beside the model: only inside its own folder, links resolved. */
function besides(path: string): ReadExternal {
  const folder = realpathSync(dirname(resolve(path)));
  return (location, offset, length) => {
    const wanted = join(folder, location);
    if (!location || !isInside(folder, wanted))
      throw new RangeError(`it points to weights outside its folder ("${location}")`);
    let handle: number;
    try {
      if (!isInside(folder, realpathSync(wanted)))
        throw new RangeError(`it points to weights outside its folder ("${location}")`);
      handle = openSync(wanted, "r");
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw new RangeError(`it keeps its weights in "${location}", which is not beside it`, {
        cause: error,
      });
    }
    try {
      const { size } = fstatSync(handle);
      const count = length ?? size - offset;
      if (!(offset >= 0 && count >= 0 && offset + count <= size))
        throw new RangeError(`it needs more weights than "${location}" holds`);
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count;) {
        const read = readSync(handle, bytes, at, count - at, offset + at);
        if (read === 0) throw new RangeError(`it needs more weights than "${location}" holds`);
        at += read;
      }
      return bytes;
    } finally {
      closeSync(handle);
    }
  };
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
