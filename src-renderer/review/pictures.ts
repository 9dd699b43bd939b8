import { bytesPaths } from "../../shared/contract/bytes.ts";
import type { BenchMapId } from "../../shared/domain/bench.ts";
import type { AuditId, ItemNo, RunId } from "../../shared/domain/ids.ts";
import { sessionHeaders } from "../session.ts";
import { Kept, Lanes } from "./lanes.ts";

/** A raw map at its native size. */
export interface RawMap {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly rawMin: number;
  readonly rawMax: number;
}

/** What the picture was not found as: its status, to tell "no map here" from "host away". */
export class BytesFailure extends Error {
  override readonly name = "BytesFailure";
  readonly status: number;
  constructor(path: string, status: number) {
    super(`${status} for ${path}`);
    this.status = status;
  }
}

async function bytes(path: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    signal,
    headers: sessionHeaders(),
    credentials: "same-origin",
  });
  if (!response.ok) throw new BytesFailure(path, response.status);
  return response;
}

async function bitmap(path: string, signal: AbortSignal): Promise<ImageBitmap> {
  return createImageBitmap(await (await bytes(path, signal)).blob());
}

async function rawMap(path: string, signal: AbortSignal): Promise<RawMap> {
  const response = await bytes(path, signal);
  const [height = 0, width = 0] = (response.headers.get("x-shape") ?? "").split(",").map(Number);
  const values = new Float32Array(await response.arrayBuffer());
  let rawMin = Infinity;
  let rawMax = -Infinity;
  for (const value of values) {
    if (value < rawMin) rawMin = value;
    if (value > rawMax) rawMax = value;
  }
  return { values, width, height, rawMin, rawMax };
}

/**
 * Thumbnails, pictures, maps and evidence masks of one audit, decoded and ready to be drawn. A bitmap of 256 × 256
 * takes 256 KB: the limits hold the whole under 200 MB.
 */
export class Pictures {
  readonly auditId: AuditId;
  readonly #lanes = new Lanes(8);
  readonly #big = new Lanes(4);
  readonly #thumbnails = this.#kept(400, this.#lanes, bitmap);
  readonly #sharp = this.#kept(80, this.#big, bitmap);
  readonly #images = this.#kept(10, this.#big, bitmap);
  readonly #evidence = this.#kept(10, this.#big, bitmap);
  readonly #maps = this.#kept(3000, this.#lanes, rawMap);

  constructor(auditId: AuditId) {
    this.auditId = auditId;
  }

  thumbnail(item: ItemNo) {
    return this.#thumbnails.want(bytesPaths.thumbnail(this.auditId, item));
  }

  peekThumbnail(item: ItemNo) {
    return this.#thumbnails.peek(bytesPaths.thumbnail(this.auditId, item));
  }

  /** A thumbnail of twice the size, for large cells at rest. */
  sharp(item: ItemNo) {
    return this.#sharp.want(bytesPaths.image(this.auditId, item, 512));
  }

  /** The oriented picture, its longer side at most `size`. */
  image(item: ItemNo, size: number) {
    return this.#images.want(bytesPaths.image(this.auditId, item, size));
  }

  map(run: RunId, item: ItemNo) {
    return this.#maps.want(bytesPaths.map(this.auditId, run, item));
  }

  peekMap(run: RunId, item: ItemNo) {
    return this.#maps.peek(bytesPaths.map(this.auditId, run, item));
  }

  /** One column's map of a bench, or of maps made for panes side by side. */
  benchMap(bench: string, item: ItemNo, column: BenchMapId) {
    return this.#maps.want(bytesPaths.benchMap(bench, item, column));
  }

  evidence(item: ItemNo) {
    return this.#evidence.want(bytesPaths.evidence(this.auditId, item));
  }

  #kept<T>(
    limit: number,
    lanes: Lanes,
    load: (path: string, signal: AbortSignal) => Promise<T>,
  ): Kept<T> {
    return new Kept<T>({ limit, lanes, load }); // a bitmap forgotten here may still be on screen: never closed
  }
}
