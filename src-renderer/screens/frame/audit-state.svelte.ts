import type { Audit, AuditEvent, Column, Queue, Run } from "../../../shared/contract/audits.ts";
import type { Client } from "../../../shared/contract/client.ts";
import type { Reader } from "../../../shared/contract/library.ts";
import type { Command, CommandBody, ReportField } from "../../../shared/domain/command.ts";
import type { AuditId, CommandId, ItemNo, RunId } from "../../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../../shared/domain/job.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";

/** What the store answered: the record entry the command became. */
export interface Applied {
  readonly recordNo: number;
  readonly at: string;
}

/** Where commands go first: the outbox holds them until the store has acknowledged them; see `keepSafe`. */
export interface CommandSender {
  readonly waiting: readonly Command[];
  /** When the oldest waiting command was given, in ms since 1970. */
  readonly since: number | null;
  /** What keeps them from being written, once some tries failed. */
  readonly failure: ErrorJson | null;
  send(command: Command): Promise<Applied>;
  /** Tries at once to write what waits. */
  retry(): void;
}

/** How safe the work is, for the status bar: waiting commands, since when, and what keeps them from being written. */
export interface Saving {
  readonly waiting: number;
  readonly since: number | null;
  readonly failure: ErrorJson | null;
}

/** One open audit, as every screen sees it: what it holds, followed by events, and the way back into the store. */
export class AuditState {
  readonly id: AuditId;
  readonly api: Client;
  readonly reader: Reader;

  audit = $state.raw<Audit | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  /** Whether events arrive; `lost` while it tries again. */
  link = $state<"opening" | "live" | "lost">("opening");
  jobs = $state.raw<readonly Job[]>([]);
  columns = $state.raw<readonly Column[]>([]);
  runs = $state.raw<readonly Run[]>([]);
  queues = $state.raw<readonly Queue[]>([]);
  saved = $state.raw<Applied | null>(null);
  /** The run whose maps are shown; null before the first. */
  chosenRun = $state.raw<RunId | null>(null);

  /** The chosen run, else the newest that is whole, else the newest that has maps, else the newest. */
  readonly run = $derived(
    this.runs.find((run) => run.id === this.chosenRun) ??
      this.runs.findLast((run) => run.endedAt !== null && run.done + run.failed >= run.planned) ??
      this.runs.findLast((run) => run.done > 0) ??
      this.runs.at(-1) ??
      null,
  );
  readonly activeJobs = $derived(this.jobs.filter((job) => !isEnded(job.state)));

  #sender = $state.raw<CommandSender | null>(null);
  #itemListeners: readonly ((items: readonly ItemNo[]) => void)[] = [];
  #columnListeners: readonly ((changed: readonly Column[]) => void)[] = [];
  #stopped = new AbortController();

  readonly saving: Saving = $derived({
    waiting: this.#sender?.waiting.length ?? 0,
    since: this.#sender?.since ?? null,
    failure: this.#sender?.failure ?? null,
  });

  constructor(options: { id: AuditId; api: Client; reader: Reader }) {
    this.id = options.id;
    this.api = options.api;
    this.reader = options.reader;
  }

  /** Loads the audit and follows it until `close`. */
  open(): void {
    void this.#follow();
  }

  close(): void {
    this.#stopped.abort();
  }

  /** Reads everything again, as after a lost link. */
  async reload(): Promise<void> {
    try {
      const [audit, jobs] = await Promise.all([
        this.api.audits.get({ auditId: this.id }),
        this.api.runs.jobs({ auditId: this.id }),
      ]);
      this.audit = audit;
      this.jobs = jobs;
      this.columns = audit.columns;
      this.runs = audit.runs;
      this.queues = audit.queues;
      this.saved = { recordNo: audit.recordNo, at: audit.savedAt };
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  /** From now on commands pass through the outbox, which keeps them until the store has them. */
  keepSafe(sender: CommandSender): void {
    this.#sender = sender;
  }

  /** Tries at once to write what waits. */
  retrySaving(): void {
    this.#sender?.retry();
  }

  /** Sends a command in the reader's name; resolves when the store has it. */
  async apply(body: CommandBody): Promise<Applied> {
    const id = crypto.randomUUID() as CommandId; // sound: a fresh id is what the brand stands for
    const command: Command = { ...body, id, readerId: this.reader.id };
    if (this.#sender) return this.#sender.send(command);
    return this.api.audits.apply({ auditId: this.id, command });
  }

  /** A text of the report as the store has it now. */
  textSaved(field: ReportField, text: string): void {
    if (this.audit) this.audit = { ...this.audit, texts: { ...this.audit.texts, [field]: text } };
  }

  /** Calls back with the items whose row changed; returns how to stop. */
  onItems(listener: (items: readonly ItemNo[]) => void): () => void {
    this.#itemListeners = [...this.#itemListeners, listener];
    return () => (this.#itemListeners = this.#itemListeners.filter((one) => one !== listener));
  }

  /** Calls back with the columns that have new bytes; returns how to stop. */
  onColumns(listener: (changed: readonly Column[]) => void): () => void {
    this.#columnListeners = [...this.#columnListeners, listener];
    return () => (this.#columnListeners = this.#columnListeners.filter((one) => one !== listener));
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopped;
    for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 8_000)) {
      try {
        const events = await this.api.audits.watch({ auditId: this.id }, { signal });
        await this.reload();
        this.link = "live";
        wait = 500;
        for await (const event of events) this.take(event);
        if (signal.aborted) return;
      } catch (cause) {
        if (signal.aborted) return;
        const error = toErrorJson(cause);
        if (this.audit === null) this.error = error;
        if (error.code === "audit/not-found") return;
      }
      this.link = "lost";
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  /** Brings one event into the state. */
  take(event: AuditEvent): void {
    switch (event.kind) {
      case "saved":
        this.saved = { recordNo: event.recordNo, at: event.at };
        return;
      case "columns":
        this.columns = replaced(this.columns, event.changed, (c) => `${c.run ?? "-"}/${c.id}`);
        for (const listener of this.#columnListeners) listener(event.changed);
        return;
      case "job":
        this.jobs = replaced(this.jobs, [event.job], (job) => job.id);
        return;
      case "run":
        this.runs = replaced(this.runs, [event.run], (run) => run.id);
        return;
      case "queues":
        this.queues = event.queues;
        return;
      case "readers":
        if (this.audit) this.audit = { ...this.audit, readers: event.readers };
        return;
      case "revision":
        if (this.audit)
          this.audit = {
            ...this.audit,
            revision: event.revision,
            isReadOnly: event.isReadOnly,
          };
        return;
      case "items":
        for (const listener of this.#itemListeners) listener(event.items);
        return;
    }
  }
}

/** `old` with each changed element in its place, new ones at the end. */
function replaced<T>(old: readonly T[], changed: readonly T[], key: (one: T) => string): T[] {
  const fresh = new Map(changed.map((one) => [key(one), one]));
  const kept = old.map((one) => fresh.get(key(one)) ?? one);
  const known = new Set(old.map(key));
  return [...kept, ...changed.filter((one) => !known.has(key(one)))];
}
