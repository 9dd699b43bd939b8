import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import { parseManifest, type Weight } from "./manifest.ts";

/** A TensorFlow.js model as it lies on disk: its topology unread, its weights in one buffer. */
export interface TensorFlowFiles {
  readonly kind: "layers" | "graph";
  /** As people know it: the folder's name where the file is only called `model.json`. */
  readonly fileName: string;
  /** Of `model.json` and all weight files, in their order. */
  readonly sha256: string;
  /** What the file says of who wrote it. */
  readonly producer: string;
  readonly topology: Readonly<Record<string, unknown>>;
  /** Of a graph model: its inputs and outputs, unread. */
  readonly signature: unknown;
  readonly weights: readonly Weight[];
  /** Bytes of all weights in the order of `weights`. */
  readonly bytes: Uint8Array;
  /** Class names in `metadata.json` beside it, as Teachable Machine writes them. */
  readonly classNames: readonly string[] | null;
}

const largestTopology = 2 ** 26;
const largestWeights = 2 ** 31 - 1;

/** Reads `model.json` and the weight files it names. Refuses with the catalogue's `tensorflow/…` and `model/not-found`. */
export function readTensorFlowFiles(path: string): TensorFlowFiles {
  const name = basename(path);
  const folder = dirname(resolve(path));
  const fileName = name === "model.json" ? `${basename(folder)}/${name}` : name;
  const text = readWhole(path, fileName, largestTopology);
  const json = parse(text, fileName);
  const { modelTopology: topology, weightsManifest } = json;
  if (!isRecord(topology)) refuse(fileName, "it has no model in it (modelTopology)");
  const { groups, weights } = parseManifest(weightsManifest, (why) => refuse(fileName, why));
  const hash = createHash("sha256").update(text);
  const parts = groups.map(({ paths, weights: own }) => {
    const needed = own.reduce((sum, weight) => sum + weight.bytes, 0);
    const shards = readShards(folder, paths, needed, fileName);
    shards.forEach((shard) => hash.update(shard));
    return Buffer.concat(shards);
  });
  return {
    kind: Array.isArray(topology["node"]) ? "graph" : "layers",
    fileName,
    sha256: hash.digest("hex"),
    producer: producerOf(json, topology),
    topology,
    signature: json["signature"] ?? field(json["userDefinedMetadata"], "signature"),
    weights,
    bytes: Buffer.concat(parts),
    classNames: classNamesBeside(folder),
  };
}

function refuse(file: string, why: string, cause?: unknown): never {
  fail("tensorflow/unreadable", { file, why }, { cause });
}

function parse(text: Uint8Array, file: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text));
  } catch (error) {
    refuse(file, "it is no JSON file, or it ends early", error);
  }
  if (!isRecord(json)) refuse(file, "it is a JSON file, but no TensorFlow.js model");
  return json;
}

function readWhole(path: string, file: string, most: number): Uint8Array {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") fail("model/not-found", { file });
    refuse(file, `the system says "${error instanceof Error ? error.message : error}"`, error);
  }
  try {
    const stat = fstatSync(handle);
    if (stat.isDirectory()) refuse(file, "it is a folder without a model.json");
    if (stat.size > most) refuse(file, `it is larger than ${most / 2 ** 20} MiB`);
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The files of one group, which together hold at least the bytes its weights need; never outside the model's folder. */
function readShards(
  folder: string,
  paths: readonly string[],
  needed: number,
  file: string,
): Uint8Array[] {
  if (needed > largestWeights) refuse(file, "its weights are larger than 2 GiB");
  const home = realpathSync(folder);
  let found = 0;
  const shards = paths.map((path) => {
    const shard = readShard(home, path, needed - found, file);
    found += shard.length;
    return shard;
  });
  const weights = paths.at(-1) ?? "";
  if (found < needed) fail("tensorflow/short-weights", { file, weights, needed, found });
  return shards;
}

/** At most `wanted` bytes: what a group does not need is not read. */
function readShard(home: string, path: string, wanted: number, file: string): Uint8Array {
  const isInside = (target: string) => target.startsWith(home.endsWith(sep) ? home : home + sep);
  const target = join(home, path);
  if (!isInside(target)) refuse(file, `it points to weights outside its folder ("${path}")`);
  let handle: number;
  try {
    if (!isInside(realpathSync(target)))
      refuse(file, `it points to weights outside its folder ("${path}")`);
    handle = openSync(target, "r");
  } catch (error) {
    if (error instanceof AppError) throw error;
    fail("tensorflow/missing-weights", { file, weights: path }, { cause: error });
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) fail("tensorflow/missing-weights", { file, weights: path });
    const bytes = new Uint8Array(Math.min(stat.size, wanted));
    for (let at = 0; at < bytes.length;) {
      const read = readSync(handle, bytes, at, bytes.length - at, at);
      if (read === 0) break;
      at += read;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

function producerOf(
  json: Readonly<Record<string, unknown>>,
  topology: Readonly<Record<string, unknown>>,
): string {
  const keras = topology["keras_version"];
  const parts = [
    json["generatedBy"] ?? (typeof keras === "string" ? `keras ${keras}` : undefined),
    json["convertedBy"],
  ];
  return parts.filter((part) => typeof part === "string" && part !== "").join(", ");
}

const largestMetadata = 2 ** 20;

function classNamesBeside(folder: string): readonly string[] | null {
  try {
    const text = readWhole(join(folder, "metadata.json"), "metadata.json", largestMetadata);
    const labels = field(JSON.parse(new TextDecoder().decode(text)), "labels");
    return Array.isArray(labels) && labels.every((label) => typeof label === "string")
      ? labels
      : null;
  } catch {
    return null;
  }
}

/** Whether a parsed JSON value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
