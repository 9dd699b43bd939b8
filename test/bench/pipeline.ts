import { mkdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { ModelDescription } from "../../shared/domain/model.ts";
import { candidatePreparations } from "../../shared/domain/candidate-preparations.ts";
import { randomFrom } from "../../shared/statistics/sample.ts";
import { hashAndDecode } from "../../src-main/engine/images/decode.ts";
import { MapRun } from "../../src-main/engine/map-run.ts";
import type { EngineItem } from "../../src-main/engine/protocol.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import type { BenchModel } from "./models.ts";
import { randomImages } from "./ratios.ts";

export interface Pipeline {
  readonly model: string;
  /** Images per second of the whole run over images per second of forward passes alone. */
  readonly ratio: number;
  readonly imagesPerSecond: number;
  readonly forwardPerSecond: number;
  /** Decoding alone, one image at a time: what a small network is bound by. */
  readonly decodePerSecond: number;
}

const sent = 16;
const rounds = 5;

/** Decode, prepare, map, measure of 500-pixel JPEGs against forward passes of prepared inputs, in turn. */
export async function pipelineOf(model: BenchModel, folder: string): Promise<Pipeline> {
  const paths = await photographs(folder, 64);
  const opened = await openModel(model.path, { threads: 2 });
  const session = await opened.open(null);
  const preparation = preparationOf(opened.description);
  const run = new MapRun(
    {
      modelPath: model.path,
      preparation,
      tap: null,
      method: opened.description.head === "pooled-linear" ? "cam" : "hirescam",
      secondMethod: null,
      target: { kind: "predicted" },
      seed: 1,
    },
    session,
  );
  const items = paths.map((path, no): EngineItem => ({
    no,
    path,
    label: null,
    evidence: null,
    isSampled: false,
  }));
  const images = randomImages([sent, 3, preparation.heightPx, preparation.widthPx]);
  const [whole, plain]: [number[], number[]] = [[], []];
  await run.maps(items.slice(0, sent), sent);
  await opened.predict(images);
  for (let round = 0; round < rounds; round++) {
    let fromMs = performance.now();
    // As a run sends them: sixteen at a time, the next sixteen being read meanwhile.
    for (let at = 0; at < items.length; at += sent) {
      await run.maps(items.slice(at, at + sent), sent, items.slice(at + sent, at + 2 * sent));
    }
    whole.push((items.length * 1000) / (performance.now() - fromMs));
    fromMs = performance.now();
    for (let done = 0; done < items.length; done += sent) await opened.predict(images);
    plain.push((items.length * 1000) / (performance.now() - fromMs));
  }
  const fromMs = performance.now();
  for (const path of paths) await hashAndDecode(path);
  const decodePerSecond = (paths.length * 1000) / (performance.now() - fromMs);
  await run.close();
  await opened.close();
  const imagesPerSecond = middle(whole);
  const forwardPerSecond = middle(plain);
  return {
    model: model.name,
    ratio: imagesPerSecond / forwardPerSecond,
    imagesPerSecond,
    forwardPerSecond,
    decodePerSecond,
  };
}

export interface MemoryRise {
  readonly images: number;
  /** Resident megabytes after 500 images and at the end. */
  readonly after500: number;
  readonly atEnd: number;
  readonly risePercent: number;
}

/** Resident memory over 2,000 images: after the first 500 it should stand still. */
export async function memoryOf(model: BenchModel, folder: string): Promise<MemoryRise> {
  const paths = await photographs(folder, 64);
  const opened = await openModel(model.path, { threads: 2 });
  const session = await opened.open(null);
  const preparation = preparationOf(opened.description);
  const spec = {
    modelPath: model.path,
    preparation,
    tap: null,
    secondMethod: null,
    seed: 1,
  } as const;
  const run = new MapRun({ ...spec, method: "grad-cam", target: { kind: "predicted" } }, session);
  const images = 2000;
  let after500 = 0;
  for (let done = 0; done < images; done += 16) {
    const items = Array.from({ length: 16 }, (_, i): EngineItem => ({
      no: done + i,
      path: paths[(done + i) % paths.length],
      label: null,
      evidence: null,
      isSampled: false,
    }));
    await run.maps(items, 16);
    if (done + 16 >= 500 && after500 === 0) after500 = residentMb();
  }
  const atEnd = residentMb();
  await run.close();
  await opened.close();
  return { images, after500, atEnd, risePercent: (100 * (atEnd - after500)) / after500 };
}

function residentMb(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
}

function preparationOf(description: ModelDescription) {
  return candidatePreparations(description, { preset: null, geometry: null, resample: null })[0];
}

/** Smooth seeded noise as 500-pixel JPEGs, made once. */
async function photographs(folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const random = randomFrom(11);
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const path = join(folder, `${i}.jpg`);
    paths.push(path);
    const small = Buffer.from(Uint8Array.from({ length: 25 * 20 * 3 }, () => random() * 256));
    if (existsSync(path)) continue;
    await sharp(small, { raw: { width: 25, height: 20, channels: 3 } })
      .resize(500, 400, { kernel: "cubic" })
      .jpeg({ quality: 90 })
      .toFile(path);
  }
  return paths;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
