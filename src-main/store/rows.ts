import type { ItemRow } from "../../shared/contract/audits.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { pictureName } from "../../shared/domain/picture-path.ts";
import { quadrantOf, type PredictedFocus } from "../../shared/domain/quadrant.ts";
import type { Fault, Reason, Verdict } from "../../shared/domain/review.ts";
import type { ErrorJson } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import type { Models } from "./models.ts";
import type { Runs } from "./runs.ts";
import type { Thumbnails } from "./thumbnails.ts";

interface ItemPart {
  no: number;
  path: string;
  frame: number;
  width: number | null;
  height: number | null;
  average_grey: number | null;
  label: string | null;
  missing: number;
  error: string | null;
  regions: number;
}

interface RunPart {
  item: number;
  class: number | null;
  confidence: number | null;
  correct: number | null;
  suspicion: number | null;
  attention: number | null;
  raw_max: number | null;
  weak: number | null;
  predicted_focus: PredictedFocus | null;
  failure: string | null;
}

interface JudgementPart {
  item: number;
  verdict: Verdict | null;
  verdict_no: number | null;
  reasons: string;
  comment: string;
  fault: Fault | null;
  discuss: number;
}

/** What the cells of a grid show of items. Of several readers' verdicts the newest shows. */
export class Rows {
  readonly #connection: Connection;
  readonly #models: Models;
  readonly #runs: Runs;
  readonly #thumbnails: Thumbnails;

  constructor(parts: {
    readonly connection: Connection;
    readonly models: Models;
    readonly runs: Runs;
    readonly thumbnails: Thumbnails;
  }) {
    this.#connection = parts.connection;
    this.#models = parts.models;
    this.#runs = parts.runs;
    this.#thumbnails = parts.thumbnails;
  }

  /** In the order asked for; numbers that are no items are left out. */
  read(runId: RunId | null, numbers: readonly ItemNo[]): ItemRow[] {
    const list = JSON.stringify(numbers);
    const items = new Map(this.#items(list).map((part) => [part.no, part]));
    const results = new Map(this.#results(runId, list).map((part) => [part.item, part]));
    const judgements = new Map<ItemNo, JudgementPart[]>();
    for (const part of this.#judgements(list))
      judgements.set(part.item, [...(judgements.get(part.item) ?? []), part]);
    const classNames =
      runId === null ? [] : this.#models.byId(this.#runs.byId(runId).modelId).classNames;
    return numbers.flatMap((no) => {
      const item = items.get(no);
      return item ? this.#row(item, results.get(no), judgements.get(no) ?? [], classNames) : [];
    });
  }

  #row(
    item: ItemPart,
    result: RunPart | undefined,
    judgements: readonly JudgementPart[],
    classNames: readonly string[],
  ): ItemRow {
    const newest = judgements
      .filter((part) => part.verdict_no !== null)
      .toSorted((a, b) => (b.verdict_no ?? 0) - (a.verdict_no ?? 0))[0];
    const correct = result?.correct === null || !result ? null : result.correct === 1;
    const verdict = newest?.verdict ?? null;
    const isWeak = result?.weak === 1;
    const failure = item.error ?? result?.failure ?? null;
    return {
      no: item.no,
      name: pictureName(
        item.path.slice(item.path.lastIndexOf("/") + 1),
        item.frame === 0 ? null : item.frame,
      ),
      path: item.path,
      width: item.width,
      height: item.height,
      label: item.label,
      predicted:
        result?.class === null || !result
          ? null
          : (classNames[result.class] ?? String(result.class)),
      confidence: result?.confidence ?? null,
      correct,
      suspicion: result?.suspicion ?? null,
      attention: isWeak ? null : (result?.attention ?? null),
      isWeak,
      rawMax: result?.raw_max ?? null,
      quadrant: quadrantOf(correct, verdict, result?.predicted_focus ?? "unjudged"),
      verdict,
      reasons: newest ? (JSON.parse(newest.reasons) as Reason[]) : [], // written by Cells
      hasComment: judgements.some((part) => part.comment !== ""),
      hasRegions: item.regions > 0,
      fault: judgements.find((part) => part.fault !== null)?.fault ?? null,
      discuss: judgements.some((part) => part.discuss === 1),
      isMissing: item.missing === 1,
      error: failure === null ? null : (JSON.parse(failure) as ErrorJson), // written by Items and Results
      averageGrey: item.average_grey ?? this.#thumbnails.averageGrey(item.no),
    };
  }

  #items(list: string): ItemPart[] {
    return this.#connection.all<ItemPart>(
      `SELECT no, path, frame, width, height, average_grey, class.name AS label, missing, error,
         (SELECT count(*) FROM region WHERE region.item = item.no) AS regions
       FROM item LEFT JOIN class ON class.code = item.label WHERE no IN (SELECT value FROM json_each(?))`,
      list,
    );
  }

  #results(runId: RunId | null, list: string): RunPart[] {
    if (runId === null) return [];
    const { no, weakBelow } = this.#runs.byId(runId);
    return this.#connection.all<RunPart>(
      `SELECT listed.value AS item, class, confidence, correct, suspicion, predicted_focus, raw_max,
         iif(correct IS NULL AND causes ->> '$.suspicion' = 'no-label',
           confidence * max(coalesce(border, 0), coalesce(corner, 0), coalesce(text, 0)), NULL) AS attention,
         raw_max < ?3 AS weak, failure.error AS failure
       FROM json_each(?1) AS listed
       LEFT JOIN prediction ON prediction.run = ?2 AND prediction.item = listed.value
       LEFT JOIN measure ON measure.run = ?2 AND measure.item = listed.value
       LEFT JOIN failure ON failure.run = ?2 AND failure.item = listed.value`,
      list,
      no,
      weakBelow,
    );
  }

  #judgements(list: string): JudgementPart[] {
    return this.#connection.all<JudgementPart>(
      `SELECT item, verdict, verdict_no, reasons, comment, fault, discuss FROM judgement
       WHERE item IN (SELECT value FROM json_each(?))`,
      list,
    );
  }
}
