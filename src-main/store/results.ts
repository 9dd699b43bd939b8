import { join } from "node:path";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type { ItemOutcome } from "../../shared/domain/item.ts";
import type { MapFlag } from "../../shared/domain/map-flag.ts";
import type { SeenArea } from "../../shared/domain/preparation.ts";
import type { ErrorJson } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import type { Items } from "./items.ts";
import type { Measures } from "./measures.ts";
import type { Models } from "./models.ts";
import { Pack } from "./pack.ts";
import { predict } from "./prediction.ts";
import type { Runs } from "./runs.ts";

/** A raw map as it was computed, and where it lies on the picture. */
export interface StoredMap {
  /** `[H,W]` */
  readonly values: Float32Array<ArrayBuffer>;
  readonly height: number;
  readonly width: number;
  readonly rawMin: number;
  readonly rawMax: number;
  readonly seen: SeenArea | null;
  readonly flags: readonly MapFlag[];
  readonly target: number | null;
}

export type MapIndex = Omit<StoredMap, "values">;

export interface StoredPrediction {
  readonly item: ItemNo;
  readonly class: number;
  readonly confidence: number;
  /** null: no label, or one the model does not know. */
  readonly correct: boolean | null;
}

interface MapRow {
  at: number;
  height: number;
  width: number;
  raw_min: number;
  raw_max: number;
  target: number | null;
  flags: string;
  seen: string | null;
}

/**
 * What runs found, item by item. A batch is durable or absent: maps and logits are appended to the run's packs and
 * flushed, then all rows join in one transaction; only then does the batch count.
 */
export class Results {
  readonly #connection: Connection;
  readonly #folder: string;
  readonly #items: Items;
  readonly #measures: Measures;
  readonly #models: Models;
  readonly #runs: Runs;
  readonly #packs = new Map<string, Pack>();

  constructor(parts: {
    readonly connection: Connection;
    readonly folder: string;
    readonly items: Items;
    readonly measures: Measures;
    readonly models: Models;
    readonly runs: Runs;
  }) {
    this.#connection = parts.connection;
    this.#folder = parts.folder;
    this.#items = parts.items;
    this.#measures = parts.measures;
    this.#models = parts.models;
    this.#runs = parts.runs;
  }

  /** Counts each item once: what the run already holds is left out, so a batch repeated after a crash is harmless. */
  commit(runId: RunId, outcomes: readonly ItemOutcome[]): ItemNo[] {
    const { no, mapsBytes, logitsBytes, modelId } = this.#runs.committed(runId);
    const known = new Set(
      this.#tried(
        no,
        outcomes.map((outcome) => outcome.no),
      ),
    );
    const fresh: ItemOutcome[] = [];
    for (const outcome of outcomes)
      if (!known.has(outcome.no)) {
        known.add(outcome.no);
        fresh.push(outcome);
      }
    if (fresh.length === 0) return [];
    const maps = place(
      mapsBytes,
      fresh.map((outcome) => (outcome.error ? null : outcome.map)),
    );
    const logits = place(
      logitsBytes,
      fresh.map((outcome) => (outcome.error ? null : outcome.logits)),
    );
    if (maps.parts.length) this.#pack(runId, "maps").append(mapsBytes, maps.parts);
    if (logits.parts.length) this.#pack(runId, "logits").append(logitsBytes, logits.parts);

    const model = this.#models.byId(modelId);
    const classOf = new Map(model.classNames.map((name, index) => [name, index]));
    const labels = new Map(
      this.#items
        .byNumbers(fresh.map((outcome) => outcome.no))
        .map((item) => [item.no, item.label]),
    );
    this.#connection.transaction(() => {
      let failed = 0;
      fresh.forEach((outcome, index) => {
        this.#items.setDecoded(outcome.no, outcome);
        if (outcome.error) {
          if (outcome.error.code === "image/missing") this.#items.markMissing(outcome.no);
          failed++;
          this.#insertFailure(no, outcome.no, outcome.error);
          return;
        }
        const label = labels.get(outcome.no);
        const truth = label === null || label === undefined ? null : (classOf.get(label) ?? null);
        this.#insertPrediction(
          no,
          outcome,
          truth,
          model.description.output.stripped,
          logits.at[index] ?? 0,
        );
        const rawMax = this.#insertMap(no, outcome, maps.at[index] ?? 0);
        this.#measures.insert(no, outcome, rawMax);
      });
      this.#runs.advance(runId, {
        done: fresh.length - failed,
        failed,
        mapsBytes: maps.end,
        logitsBytes: logits.end,
      });
    });
    return fresh.map((outcome) => outcome.no);
  }

  /** Forgets failures so that their items are tried again. */
  retryFailed(runId: RunId): ItemNo[] {
    const { no, mapsBytes, logitsBytes } = this.#runs.committed(runId);
    return this.#connection.transaction(() => {
      const items = this.#connection
        .tuples<[number]>("DELETE FROM failure WHERE run = ? RETURNING item", no)
        .map(([item]) => item);
      this.#runs.advance(runId, { done: 0, failed: -items.length, mapsBytes, logitsBytes });
      return items;
    });
  }

  map(runId: RunId, item: ItemNo): StoredMap | null {
    const row = this.#mapRow(runId, item);
    if (!row) return null;
    const bytes = this.#pack(runId, "maps").read(row.at, row.height * row.width * 4);
    return bytes ? { ...toIndex(row), values: new Float32Array(bytes.buffer) } : null;
  }

  /** What is known of a map without reading it. */
  mapIndex(runId: RunId, item: ItemNo): MapIndex | null {
    const row = this.#mapRow(runId, item);
    return row ? toIndex(row) : null;
  }

  /** Every map of a run in item order; those whose pack is gone are left out. */
  *maps(runId: RunId): Generator<StoredMap & { readonly item: ItemNo }> {
    const { no } = this.#runs.committed(runId);
    const items = this.#connection.tuples<[number]>(
      "SELECT item FROM map WHERE run = ? ORDER BY item",
      no,
    );
    for (const [item] of items) {
      const map = this.map(runId, item);
      if (map) yield { ...map, item };
    }
  }

  /** What the range of a run is measured on: each item's largest raw value, and the lowest of all. */
  extremes(runId: RunId): { maxima: number[]; lowest: number | null } {
    const { no } = this.#runs.committed(runId);
    const maxima = this.#connection
      .tuples<[number]>("SELECT raw_max FROM measure WHERE run = ? AND raw_max IS NOT NULL", no)
      .map(([rawMax]) => rawMax);
    const row = this.#connection.get<{ lowest: number | null }>(
      "SELECT min(raw_min) AS lowest FROM map WHERE run = ?",
      no,
    );
    return { maxima, lowest: row?.lowest ?? null };
  }

  /** Every raw value of a run, in pieces, as they lie in the pack. */
  *values(runId: RunId): Generator<Float32Array<ArrayBuffer>> {
    const { mapsBytes } = this.#runs.committed(runId);
    const pack = this.#pack(runId, "maps");
    const piece = 1 << 20;
    for (let at = 0; at < mapsBytes; at += piece) {
      const bytes = pack.read(at, Math.min(piece, mapsBytes - at));
      if (!bytes) return;
      yield new Float32Array(bytes.buffer);
    }
  }

  /** `[C]`, or null where there are none. */
  logits(runId: RunId, item: ItemNo): Float32Array<ArrayBuffer> | null {
    const { no, modelId } = this.#runs.committed(runId);
    const row = this.#connection.get<{ logits_at: number }>(
      "SELECT logits_at FROM prediction WHERE run = ? AND item = ?",
      no,
      item,
    );
    if (!row) return null;
    const classes = this.#models.byId(modelId).description.output.classes;
    const bytes = this.#pack(runId, "logits").read(row.logits_at, classes * 4);
    return bytes ? new Float32Array(bytes.buffer) : null;
  }

  predictions(runId: RunId): StoredPrediction[] {
    const { no } = this.#runs.committed(runId);
    return this.#connection
      .tuples<[number, number, number, number | null]>(
        "SELECT item, class, confidence, correct FROM prediction WHERE run = ? ORDER BY item",
        no,
      )
      .map(([item, index, confidence, correct]) => ({
        item,
        class: index,
        confidence,
        correct: correct === null ? null : correct === 1,
      }));
  }

  failures(runId: RunId): { item: ItemNo; error: ErrorJson }[] {
    const { no } = this.#runs.committed(runId);
    return this.#connection
      .all<{ item: number; error: string }>(
        "SELECT item, error FROM failure WHERE run = ? ORDER BY item",
        no,
      )
      .map(({ item, error }) => ({ item, error: JSON.parse(error) as ErrorJson })); // written by #insertFailure
  }

  close(): void {
    for (const pack of this.#packs.values()) pack.close();
    this.#packs.clear();
  }

  #tried(run: number, items: readonly ItemNo[]): ItemNo[] {
    return this.#connection
      .all<{ item: number }>(
        `SELECT value AS item FROM json_each(?1)
         WHERE EXISTS (SELECT 1 FROM measure WHERE run = ?2 AND item = value)
            OR EXISTS (SELECT 1 FROM failure WHERE run = ?2 AND item = value)`,
        JSON.stringify(items),
        run,
      )
      .map(({ item }) => item);
  }

  #mapRow(runId: RunId, item: ItemNo): MapRow | undefined {
    return this.#connection.get<MapRow>(
      `SELECT at, height, width, map.raw_min, map.raw_max, map.target, flags, seen
       FROM map JOIN run ON run.no = map.run WHERE run.id = ? AND map.item = ?`,
      runId,
      item,
    );
  }

  #pack(runId: RunId, kind: "maps" | "logits"): Pack {
    const file = join(this.#folder, "runs", runId, `${kind}.pack`);
    let pack = this.#packs.get(file);
    if (!pack) {
      pack = new Pack(file, kind === "maps" ? "maps" : "predictions");
      this.#packs.set(file, pack);
    }
    return pack;
  }

  #insertFailure(run: number, item: ItemNo, error: ErrorJson): void {
    this.#connection.run(
      "INSERT INTO failure (run, item, error) VALUES (?, ?, ?)",
      run,
      item,
      JSON.stringify(error),
    );
  }

  #insertPrediction(
    run: number,
    { no, logits }: ItemOutcome,
    truth: number | null,
    stripped: Parameters<typeof predict>[1],
    at: number,
  ): void {
    const prediction = logits && predict(logits, stripped);
    if (!prediction) return;
    const correct = truth === null ? null : truth === prediction.class ? 1 : 0;
    this.#connection.run(
      "INSERT INTO prediction (run, item, class, confidence, correct, logits_at) VALUES (?, ?, ?, ?, ?, ?)",
      run,
      no,
      prediction.class,
      prediction.confidence,
      correct,
      at,
    );
  }

  /** Returns the largest raw value, null without a map. */
  #insertMap(run: number, outcome: ItemOutcome, at: number): number | null {
    const { map, mapDims } = outcome;
    if (!map || !mapDims) return null;
    if (map.length !== mapDims[0] * mapDims[1])
      throw new RangeError(
        `map of item ${outcome.no} has ${map.length} values, not ${mapDims.join(" × ")}`,
      );
    let [low, high] = [Infinity, -Infinity];
    for (const value of map) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) [low, high] = [0, 0]; // nothing finite in it
    this.#connection.run(
      `INSERT INTO map (run, item, at, height, width, raw_min, raw_max, target, flags, seen)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      run,
      outcome.no,
      at,
      mapDims[0],
      mapDims[1],
      low,
      high,
      outcome.target,
      JSON.stringify(outcome.flags),
      outcome.seen ? JSON.stringify(outcome.seen) : null,
    );
    return high;
  }
}

/** Where each part goes in a pack that ends at `from`; parts that are null take no room. */
function place(from: number, arrays: readonly (Float32Array | null)[]) {
  const parts: Uint8Array[] = [];
  let end = from;
  const at = arrays.map((values) => {
    const start = end;
    if (values) {
      parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      end += values.byteLength;
    }
    return start;
  });
  return { parts, at, end };
}

function toIndex(row: MapRow): MapIndex {
  return {
    height: row.height,
    width: row.width,
    rawMin: row.raw_min,
    rawMax: row.raw_max,
    target: row.target,
    flags: JSON.parse(row.flags) as MapFlag[], // written by #insertMap
    seen: row.seen ? (JSON.parse(row.seen) as SeenArea) : null, // written by #insertMap
  };
}
