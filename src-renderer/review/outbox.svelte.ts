/* eslint-disable svelte/prefer-svelte-reactivity -- maps here are private or replaced whole, never watched entry by entry */
import { commandSchema, errorSchema } from "../../shared/contract/schemas.ts";
import type { Command } from "../../shared/domain/command.ts";
import type { CommandId } from "../../shared/domain/ids.ts";
import { AppError, toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { catalogue } from "../../shared/errors/catalogue.ts";
import type { AuditDatabase } from "./database.ts";

/** The store's answer: its record number and when. */
export interface Acknowledgement {
  readonly recordNo: number;
  readonly at: string;
}

export interface OutboxEntry {
  readonly command: Command;
  /** Tick of `Outbox.tick` at which the store acknowledged it; null while it waits. */
  readonly acknowledgedAt: number | null;
}

export interface Refusal {
  readonly command: Command;
  readonly error: ErrorJson;
}

export interface OutboxDeps {
  readonly database: AuditDatabase;
  readonly send: (command: Command, signal: AbortSignal) => Promise<Acknowledgement>;
  readonly onacknowledged?: (command: Command, answer: Acknowledgement) => void;
  readonly onrefused?: (refusal: Refusal) => void;
  /** Waits between tries; a test hands in a short one. */
  readonly retryMs?: readonly number[];
  readonly timeoutMs?: number;
}

const retriesBeforeAlarm = 3;
const rememberedAcknowledgements = 500;

/**
 * Every change a person makes, from the key press until the store has acknowledged it: kept in the browser's database
 * first, sent in order, and removed only on the answer. After a reload, a lost host or a failed write the same command
 * goes out again under the same id, which the store applies once.
 */
export class Outbox {
  /** Waiting commands, and over those the lately acknowledged: what lies on top of rows fetched before. */
  entries = $state.raw<readonly OutboxEntry[]>([]);
  refusals = $state.raw<readonly Refusal[]>([]);
  readonly waiting = $derived(
    this.entries.filter((entry) => entry.acknowledgedAt === null).map((entry) => entry.command),
  );
  /** What keeps commands from being written, once three tries failed; they are kept here and tried again. */
  failure = $state.raw<ErrorJson | null>(null);
  /** When the oldest waiting command was given, as milliseconds since 1970; null when nothing waits. */
  since = $state<number | null>(null);

  #tick = 0;
  #isPumping = false;
  #isClosed = false;
  #stored = new Map<CommandId, Promise<unknown>>();
  #callers = new Map<CommandId, Caller>();
  #nudge: () => void = () => {};
  #emptied: (() => void)[] = [];
  readonly #deps: OutboxDeps;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Counts acknowledgements: whoever fetches notes it before, and lays younger entries over what came. */
  get tick(): number {
    return this.#tick;
  }

  /** Takes up what an earlier session left behind. */
  async open(): Promise<void> {
    try {
      const rows = await this.#deps.database.outbox.orderBy("seq").toArray();
      const left: OutboxEntry[] = [];
      for (const row of rows) {
        const parsed = commandSchema.safeParse(row.command);
        if (!parsed.success || !this.#isOwn(parsed.data)) continue; // another reader's goes out in their session; an older version's row: kept in the database, never sent wrongly
        if (row.refusal)
          this.refusals = [
            ...this.refusals,
            { command: parsed.data, error: errorSchema.parse(row.refusal) },
          ];
        else left.push({ command: parsed.data, acknowledgedAt: null });
      }
      const known = new Set(this.entries.map((entry) => entry.command.id));
      this.entries = [...left.filter((entry) => !known.has(entry.command.id)), ...this.entries];
      if (left.length) this.since ??= Date.now();
    } catch {
      // Without a database (private window, full disk) memory is the only copy until the answer: nothing else to do.
    }
    void this.#pump();
  }

  /** Stops sending; what waits stays in the database. */
  close(): void {
    this.#isClosed = true;
    this.#nudge();
  }

  /** Keeps the change, shows it at once, and sends it; resolves when the store has it. */
  send(command: Command): Promise<Acknowledgement> {
    this.entries = [...this.entries, { command, acknowledgedAt: null }];
    this.since ??= Date.now();
    const row = { id: command.id, command: $state.snapshot(command), refusal: null };
    const stored = this.#deps.database.outbox.add(row).catch(() => undefined);
    this.#stored.set(command.id, stored);
    const answer = new Promise<Acknowledgement>((resolve, reject) =>
      this.#callers.set(command.id, { resolve, reject }),
    );
    void this.#pump();
    return answer;
  }

  /** Resolves once nothing waits; an undo asks the store only then. */
  whenEmpty(): Promise<void> {
    if (this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#emptied.push(resolve));
  }

  /** Tries now instead of at the end of the wait. */
  retry(): void {
    this.#nudge();
  }

  /** Takes a refused command off the list, once a person has read why. */
  async dismiss(refusal: Refusal): Promise<void> {
    this.refusals = this.refusals.filter((other) => other !== refusal);
    await this.#deps.database.outbox.where("id").equals(refusal.command.id).delete();
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    let failures = 0;
    for (let next = this.waiting[0]; next && !this.#isClosed; next = this.waiting[0]) {
      await this.#stored.get(next.id);
      try {
        const timeout = AbortSignal.timeout(this.#deps.timeoutMs ?? 20_000);
        await this.#acknowledge(next, await this.#deps.send(next, timeout));
        failures = 0;
        this.failure = null;
      } catch (cause) {
        if (isRefusal(cause)) await this.#refuse(next, cause);
        else {
          failures++;
          if (failures >= retriesBeforeAlarm) this.failure = toErrorJson(cause);
          await this.#pause(failures);
        }
      }
    }
    this.#isPumping = false;
    if (!this.#isClosed) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  async #acknowledge(command: Command, answer: Acknowledgement): Promise<void> {
    const tick = ++this.#tick;
    const entries = this.entries.map((entry) =>
      entry.command.id === command.id ? { ...entry, acknowledgedAt: tick } : entry,
    );
    const waiting = entries.filter((entry) => entry.acknowledgedAt === null);
    const settled = entries.filter((entry) => entry.acknowledgedAt !== null);
    this.entries = [...settled.slice(-rememberedAcknowledgements), ...waiting];
    await this.#remove(command);
    this.since = waiting.length ? Date.now() : null;
    this.#callers.get(command.id)?.resolve(answer);
    this.#callers.delete(command.id);
    this.#deps.onacknowledged?.(command, answer);
  }

  async #remove(command: Command): Promise<void> {
    this.#stored.delete(command.id);
    await this.#deps.database.outbox
      .where("id")
      .equals(command.id)
      .delete()
      .catch(() => undefined); // left in the database it goes out once more, without effect
  }

  async #refuse(command: Command, cause: unknown): Promise<void> {
    const error = toErrorJson(cause);
    this.entries = this.entries.filter((entry) => entry.command.id !== command.id);
    this.refusals = [...this.refusals, { command, error }];
    await this.#deps.database.outbox
      .where("id")
      .equals(command.id)
      .modify({ refusal: error })
      .catch(() => undefined);
    if (this.waiting.length === 0) this.since = null;
    this.#callers.get(command.id)?.reject(cause);
    this.#callers.delete(command.id);
    this.#deps.onrefused?.({ command, error });
  }

  #isOwn({ readerId }: Command): boolean {
    const own = this.#deps.database.readerId;
    return own === null || own === readerId;
  }

  #pause(failures: number): Promise<void> {
    const waits = this.#deps.retryMs ?? [200, 600, 1500, 3000, 5000];
    const ms = waits[Math.min(failures, waits.length) - 1];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#nudge = () => (clearTimeout(timer), resolve());
    });
  }
}

interface Caller {
  readonly resolve: (answer: Acknowledgement) => void;
  readonly reject: (cause: unknown) => void;
}

/** The store has read the command and will never take it; anything else (disk, host, network) may pass. */
function isRefusal(cause: unknown): boolean {
  if (cause instanceof AppError) {
    const mayPass =
      /^(storage|internal)\/|^audit\/(not-found|in-use)$|^people\/(signed-out|locked|other-reader)$/.test(
        cause.code,
      );
    return !mayPass && catalogue[cause.code].status < 500;
  }
  const status = typeof cause === "object" && cause && "status" in cause ? cause.status : null;
  return status === 400 || status === 422;
}
