import { z } from "zod";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import {
  isLocked,
  type EnteredSignature,
  type Revision,
  type RevisionNote,
} from "../../shared/domain/revision.ts";
import { signatureMeanings, type SignatureFile } from "../../shared/domain/signature.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import type { AuditRecord } from "./record.ts";

/** What happens to a revision, as the record names it. */
export const revisionActions = [
  "revision.lock",
  "revision.unlock",
  "revision.build",
  "revision.sign",
  "revision.correct",
  "revision.reopen",
] as const;
export type RevisionAction = (typeof revisionActions)[number];

const signerSchema = z.strictObject({
  readerId: z.string().transform((text) => text as ReaderId), // sound: branded when the entry was made
  name: z.string(),
  role: z.string(),
  meaning: z.enum(signatureMeanings),
});
const lockSchema = z.looseObject({ signers: z.array(signerSchema) });
const buildSchema = z.looseObject({ manifestSha256: z.string(), contentSha256: z.string() });
const signSchema = z.looseObject({
  file: z.string(),
  signature: z.custom<SignatureFile>((value) => typeof value === "object" && value !== null),
});
const wordsSchema = z.looseObject({ words: z.string() });

/**
 * The revisions of the report: a fold over their entries of the record, read through an index of the actions. There is no
 * table that could say otherwise, so an audit of any age, opened to be read only, answers the same.
 */
export class Revisions {
  readonly #connection: Connection;
  readonly #record: AuditRecord;
  #known: { readonly last: number; readonly all: readonly Revision[] } | null = null;

  constructor(connection: Connection, record: AuditRecord) {
    this.#connection = connection;
    this.#record = record;
  }

  /** In order; the last one is the one people work on. */
  all(): readonly Revision[] {
    const last = this.#lastEntry();
    if (this.#known?.last === last) return this.#known.all;
    const entries = this.#entryNos().flatMap((no) => this.#record.byNo(no) ?? []);
    const all = foldRevisions(entries);
    this.#known = { last, all };
    return all;
  }

  current(): Revision {
    return this.all().at(-1) ?? firstRevision;
  }

  /** Throws why nothing that the report counts may change now. */
  mustBeOpen(name: string): void {
    const { no: revision, state } = this.current();
    if (state === "signed") fail("audit/signed", { name, revision });
    if (state !== "draft") fail("audit/locked", { name, revision });
  }

  #lastEntry(): number {
    return this.#connection.get<{ no: number }>(
      `SELECT coalesce(max(no), 0) AS no FROM record WHERE action IN (${places})`,
      ...revisionActions,
    )!.no; // an aggregate always answers
  }

  #entryNos(): number[] {
    return this.#connection
      .all<{ no: number }>(
        `SELECT no FROM record WHERE action IN (${places}) ORDER BY no`,
        ...revisionActions,
      )
      .map(({ no }) => no);
  }
}

const places = revisionActions.map(() => "?").join(", ");

export const firstRevision: Revision = {
  no: 1,
  state: "draft",
  lock: null,
  signers: [],
  manifestSha256: null,
  contentSha256: null,
  signatures: [],
  reopened: null,
  correction: null,
};

/** The revisions that these entries of a record tell of; others are passed over. */
export function foldRevisions(entries: Iterable<RecordEntry>): Revision[] {
  const all: Revision[] = [firstRevision];
  for (const entry of entries) {
    const last = all.pop() ?? firstRevision;
    all.push(...next(last, entry));
  }
  return all;
}

function next(revision: Revision, entry: RecordEntry): Revision[] {
  switch (entry.action as RevisionAction) {
    case "revision.lock": {
      const { signers } = lockSchema.parse(entry.after);
      const lock = { recordNo: entry.no, hash: entry.hash, at: entry.at };
      return [{ ...revision, state: "building", lock, signers, correction: null }];
    }
    case "revision.unlock":
      return [opened(revision)];
    case "revision.correct":
      return [{ ...opened(revision), correction: noteOf(entry) }];
    case "revision.build":
      return [{ ...revision, state: "ready", ...pick(buildSchema.parse(entry.after)) }];
    case "revision.sign": {
      const { file, signature: content } = signSchema.parse(entry.after);
      const added: EnteredSignature = { file, recordNo: entry.no, content };
      return [{ ...revision, state: "signed", signatures: [...revision.signatures, added] }];
    }
    case "revision.reopen":
      return [
        isLocked(revision) ? { ...revision, state: "superseded" } : revision,
        {
          ...firstRevision,
          no: Number(entry.object.slice("revision/".length)) || revision.no + 1,
          reopened: noteOf(entry),
        },
      ];
    default:
      return [revision];
  }
}

function opened(revision: Revision): Revision {
  const { no, reopened } = revision;
  return { ...firstRevision, no, reopened };
}

function pick(built: z.infer<typeof buildSchema>) {
  return { manifestSha256: built.manifestSha256, contentSha256: built.contentSha256 };
}

function noteOf({ readerId, at, after }: RecordEntry): RevisionNote {
  const { words } = wordsSchema.parse(after);
  return { readerId: readerId ?? ("" as ReaderId), at, words }; // only people write notes
}
