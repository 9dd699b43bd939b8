import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { AuditId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { openAudit } from "../store/open-audit.ts";
import type { KnownReader, Library } from "../store/library.ts";
import { restoreRevision } from "./build-revision.ts";
import type { Engines } from "./create-audit.ts";
import { JobQueue } from "./job-queue.ts";
import { Lane } from "./lane.ts";
import type { OpenedAudit } from "./opened-audit.ts";
import { restoreRuns } from "./run-job.ts";

/** The audits open in this host, by id; opened once, closed together. */
export class OpenedAudits {
  readonly #library: Library;
  readonly #engines: Engines;
  /** All runs of this host share the map engine, whatever audit they belong to. */
  readonly #lane = new Lane();
  readonly #opened = new Map<AuditId, OpenedAudit>();
  readonly #opening = new Map<string, Promise<OpenedAudit>>();

  constructor(library: Library, engines: Engines) {
    this.#library = library;
    this.#engines = engines;
  }

  /**
   * Opens the audit in `folder`, read-only where somebody else has it, and puts it on the library's list. `reader`, who
   * opens it, joins it.
   */
  async open(
    folder: string,
    reader: KnownReader | null = this.#library.me(),
  ): Promise<OpenedAudit> {
    // One folder has many names (links); two stores on it would lock each other out.
    const path = await realpath(folder).catch(() => resolve(folder));
    const known = [...this.#opened.values()].find((audit) => audit.folder === path);
    if (known) return known;
    const opening = this.#opening.get(path) ?? this.#open(path, reader);
    this.#opening.set(path, opening);
    return opening.finally(() => this.#opening.delete(path));
  }

  /** @throws AppError `audit/not-found` for an id that is neither open nor in the library */
  async get(auditId: AuditId): Promise<OpenedAudit> {
    const opened = this.#opened.get(auditId);
    if (opened) return opened;
    const folder = this.#library.folderOf(auditId);
    if (!folder) fail("audit/not-found", { auditId });
    return this.open(folder, null);
  }

  list(): readonly OpenedAudit[] {
    return [...this.#opened.values()];
  }

  /** Stops what runs at its next batch, and closes every store. */
  async close(): Promise<void> {
    for (const { jobs, store } of this.#opened.values()) {
      await jobs.close();
      await store.close();
    }
    this.#opened.clear();
  }

  async #open(folder: string, reader: KnownReader | null): Promise<OpenedAudit> {
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) fail("audit/not-an-audit", { folder });
    const store = openAudit(folder);
    const audit: OpenedAudit = { folder, store, jobs: new JobQueue({ lane: this.#lane }) };
    this.#opened.set(store.facts.id, audit);
    this.#library.remember({ id: store.facts.id, folder, name: store.facts.name });
    if (reader && !store.isReadOnly) store.addReader(reader);
    if (!store.isReadOnly) {
      await restoreRevision(audit);
      restoreRuns(audit, this.#engines.maps);
    }
    return audit;
  }
}
