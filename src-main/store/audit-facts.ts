import type { AuditId } from "../../shared/domain/ids.ts";
import type { ReportField } from "../../shared/domain/command.ts";
import type { Connection } from "./connection.ts";

/** Where the parts of an audit were found, as absolute paths. */
export interface Sources {
  readonly images: string;
  readonly labels: string | null;
  readonly classes: string | null;
  readonly evidence: string | null;
}

/** What an audit is, fixed when it is made. */
export interface AuditFacts {
  readonly id: AuditId;
  readonly name: string;
  readonly createdAt: string;
  readonly medical: boolean;
  readonly sources: Sources;
  /** How labels, classes and evidence were found, in words. */
  readonly notes: readonly string[];
}

export function insertFacts(connection: Connection, facts: AuditFacts): void {
  connection.run(
    "INSERT INTO audit (one, id, name, created_at, medical, sources, notes) VALUES (1, ?, ?, ?, ?, ?, ?)",
    facts.id,
    facts.name,
    facts.createdAt,
    facts.medical ? 1 : 0,
    JSON.stringify(facts.sources),
    JSON.stringify(facts.notes),
  );
}

/** Null where the file holds no audit. */
export function readFacts(connection: Connection): AuditFacts | null {
  const row = connection.get<{
    id: AuditId;
    name: string;
    created_at: string;
    medical: number;
    sources: string;
    notes: string;
  }>("SELECT * FROM audit");
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    medical: row.medical === 1,
    sources: JSON.parse(row.sources) as Sources, // written by insertFacts
    notes: JSON.parse(row.notes) as string[], // written by insertFacts
  };
}

export function readTexts(connection: Connection): Partial<Record<ReportField, string>> {
  const rows = connection.all<{ field: ReportField; text: string }>(
    "SELECT field, text FROM report_text",
  );
  return Object.fromEntries(rows.map(({ field, text }) => [field, text]));
}

export function readSetting(connection: Connection, key: string): unknown {
  const row = connection.get<{ value: string }>("SELECT value FROM setting WHERE key = ?", key);
  return row ? JSON.parse(row.value) : null;
}

export function writeSetting(connection: Connection, key: string, value: unknown): void {
  connection.run(
    "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    key,
    JSON.stringify(value ?? null),
  );
}
