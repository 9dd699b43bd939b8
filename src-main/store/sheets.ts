import { createHash } from "node:crypto";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { ModelId } from "../../shared/domain/ids.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import type { Connection } from "./connection.ts";
import type { AuditRecord } from "./record.ts";

/** What a sheet is made for, within an audit. */
export interface SheetKey {
  /** A model together with its preparation. */
  readonly modelId: ModelId;
  readonly tap: string;
  readonly method: MethodId;
  /** Hash of what the method learnt; null where it learns nothing. */
  readonly fitSha256: string | null;
}

/** The action of the record's entry that holds a sheet, whole. */
export const sheetAction = "sheet.make";

interface SheetEntry {
  readonly key: SheetKey;
  readonly sheet: ReliabilitySheet;
}

/** SHA-256 of what a sheet is made for: the same model file, preparation, layer and method have the same everywhere. */
export function sheetId(made: {
  readonly modelSha256: string;
  readonly preparation: Preparation;
  readonly tap: string;
  readonly method: MethodId;
  readonly fitSha256: string | null;
}): string {
  return createHash("sha256").update(canonicalJson(made)).digest("hex");
}

export function preparationHash(preparation: Preparation): string {
  return createHash("sha256").update(canonicalJson(preparation)).digest("hex");
}

/** Reliability sheets. The record holds each whole; the table is a fold over it: the last one of a key holds. */
export class Sheets {
  readonly #connection: Connection;
  readonly #record: AuditRecord;

  constructor(connection: Connection, record: AuditRecord) {
    this.#connection = connection;
    this.#record = record;
  }

  of(key: SheetKey): ReliabilitySheet | null {
    const row = this.#connection.get<{ content: string }>(
      "SELECT content FROM sheet WHERE model = ? AND tap = ? AND method = ? AND fit = ?",
      ...columnsOf(key),
    );
    return row ? (JSON.parse(row.content) as ReliabilitySheet) : null; // written by #put
  }

  /** Inside the transaction that makes the change. */
  add(key: SheetKey, sheet: ReliabilitySheet): void {
    const entry = this.#record.append({
      readerId: null,
      action: sheetAction,
      object: `sheet/${sheet.id}`,
      before: null,
      after: { key, sheet } satisfies SheetEntry,
      commandId: null,
    });
    this.#put({ key, sheet }, entry.no);
  }

  /** Makes the table anew from the record; sheets of models that are not there are left out. */
  rebuild(): void {
    this.#connection.run("DELETE FROM sheet");
    for (const { action, after, no } of this.#record.all())
      if (action === sheetAction) this.#put(after as SheetEntry, no); // written by add
  }

  /** Sheets that the table holds otherwise than the record, or not at all. */
  changed(): { readonly id: string; readonly method: MethodId }[] {
    const said = new Map<string, string>();
    for (const { action, after } of this.#record.all())
      if (action === sheetAction) {
        const { key, sheet } = after as SheetEntry; // written by add
        said.set(JSON.stringify([...columnsOf(key), sheet.id]), stated(sheet.verdict, sheet));
      }
    const held = new Map(
      this.#connection
        .all<Record<"id" | "model" | "tap" | "method" | "fit" | "verdict" | "content", string>>(
          "SELECT * FROM sheet",
        )
        .map(({ id, model, tap, method, fit, verdict, content }) => [
          JSON.stringify([model, tap, method, fit, id]),
          stated(verdict, JSON.parse(content)),
        ]),
    );
    const keys = new Set([...said.keys(), ...held.keys()]);
    const differing = [...keys].filter((key) => said.get(key) !== held.get(key));
    return differing.map((key) => {
      const [, , method, , id] = JSON.parse(key) as [string, string, MethodId, string, string]; // put together above
      return { id, method };
    });
  }

  #put({ key, sheet }: SheetEntry, recordNo: number): void {
    this.#connection.run(
      `INSERT INTO sheet (id, model, tap, method, fit, verdict, content, record_no)
       SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM model WHERE id = ?2
       ON CONFLICT (model, tap, method, fit) DO UPDATE
         SET verdict = excluded.verdict, content = excluded.content, record_no = excluded.record_no`,
      sheet.id,
      ...columnsOf(key),
      sheet.verdict,
      JSON.stringify(sheet),
      recordNo,
    );
  }
}

function columnsOf({ modelId, tap, method, fitSha256 }: SheetKey) {
  return [modelId, tap, method, fitSha256 ?? ""] as const;
}

function stated(verdict: string, sheet: unknown): string {
  return `${verdict} ${canonicalJson(sheet)}`;
}
