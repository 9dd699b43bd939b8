/* eslint-disable svelte/prefer-svelte-reactivity -- the set here is not watched */
import { untrack } from "svelte";
import type { Command, CommandBody } from "../../shared/domain/command.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import type { AuditState } from "../screens/frame/audit-state.svelte.ts";
import { ItemTable } from "../query/item-table.svelte.ts";
import { AuditDatabase } from "./database.ts";
import { Drafts } from "./drafts.ts";
import type { EvidenceOutline } from "./evidence-outline.ts";
import { ItemDetails } from "./item-details.svelte.ts";
import { ItemRows } from "./item-rows.svelte.ts";
import { Outbox } from "./outbox.svelte.ts";
import { Overlay } from "./overlay.svelte.ts";
import { PaintQueue } from "./paint-queue.ts";
import { Pictures } from "./pictures.ts";
import { Places } from "./places.ts";

/**
 * What Grid and Review share of one open audit: the outbox in front of the store, drafts and places, the query worker,
 * rows and details of items, and decoded pictures. One per audit, alive from its first screen until the audit closes.
 */
export class AuditWork {
  readonly audit: AuditState;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly places: Places;
  readonly overlay = new Overlay();
  readonly table: ItemTable;
  readonly rows: ItemRows;
  readonly details: ItemDetails;
  readonly pictures: Pictures;
  readonly paint = new PaintQueue();
  /** Records whose effect was in view when they were made: undo takes them back without asking. */
  readonly seenHere = new Set<number>();
  /** The outline of the evidence mask of the item in view. */
  evidence = $state.raw<{ item: ItemNo; outline: EvidenceOutline } | null>(null);
  /** Longer side in which pictures are asked for now, so that what comes next is fetched in the same. */
  pictureSize = 1024;
  readonly #stop: () => void;

  constructor(audit: AuditState) {
    this.audit = audit;
    const database = new AuditDatabase(audit.id, audit.reader.id);
    this.drafts = new Drafts(database);
    this.places = new Places(database);
    this.pictures = new Pictures(audit.id);
    this.table = new ItemTable(audit.reader.id);
    this.outbox = new Outbox({
      database,
      send: (command, signal) => audit.api.audits.apply({ auditId: audit.id, command }, { signal }),
      onacknowledged: (command) => this.#acknowledged(command),
      onrefused: ({ command }) => this.table.drop(command.id),
    });
    this.rows = new ItemRows(this.outbox, (items) =>
      audit.api.audits.rows({ auditId: audit.id, run: audit.run?.id ?? null, items }),
    );
    this.details = new ItemDetails(this.outbox, (item) =>
      audit.api.audits.detail({ auditId: audit.id, run: audit.run?.id ?? null, item }),
    );
    audit.keepSafe(this.outbox);
    const left = this.outbox.open();
    void left.then(() => this.outbox.waiting.forEach((one) => this.table.overlay(one)));
    this.#stop = $effect.root(() => this.#follow());
    // The audit's end is the work's end; whoever closes the one need not know of the other.
    const end = audit.close;
    audit.close = () => {
      closeWork(audit);
      end.call(audit);
    };
  }

  /**
   * Gives a command: shown at once, kept, sent. A refusal is listed by the outbox, so nobody need wait here. `here`: the
   * person sees all it changes, so that undo need not ask.
   */
  put(body: CommandBody, seen: "here" | "elsewhere" = "elsewhere"): void {
    const before = this.outbox.waiting.length;
    this.audit.apply(body).then(
      ({ recordNo }) => seen === "here" && this.seenHere.add(recordNo),
      () => undefined,
    );
    for (const command of this.outbox.waiting.slice(before)) this.table.overlay(command);
  }

  /** What may have changed unseen, as behind the lock screen: fetched again when it is looked at. */
  async refresh(): Promise<void> {
    await this.audit.reload();
    this.rows.outdate();
    this.details.outdate();
    this.table.reload(this.audit.columns);
    this.outbox.retry();
  }

  /** Writes what is pending: on leaving a screen, on hiding the page. */
  async flush(): Promise<void> {
    await Promise.all([this.drafts.flush(), this.places.flush()]);
  }

  close(): void {
    this.#stop();
    this.outbox.close();
    this.table.close();
    void this.flush();
  }

  #acknowledged(command: Command): void {
    this.table.settle(command.id);
    if (command.kind === "undo" || command.kind === "redo") {
      // What it brought back is known to the store alone.
      this.rows.outdate();
      this.details.outdate();
    }
  }

  #follow(): () => void {
    const { audit } = this;
    // The run in view stays in view when a newer one brings its first maps: a person chooses the other.
    $effect(() => {
      if (audit.chosenRun === null && audit.run !== null && audit.run.done > 0)
        audit.chosenRun = audit.run.id;
    });
    // Another run or more items: the table opens anew. New columns alone join it, so that the shown order stays.
    let opened: { key: string; columns: ReadonlySet<string> } | null = null;
    $effect(() => {
      const items = audit.audit?.items;
      const run = audit.run?.id ?? null;
      const { columns } = audit;
      if (items === undefined || columns.length === 0) return;
      const mine = columns.filter((one) => one.run === null || one.run === run);
      const key = `${run} ${items}`;
      const known = opened?.key === key ? opened.columns : null;
      opened = { key, columns: new Set(mine.map((one) => one.id)) };
      untrack(() => {
        if (known) {
          this.table.reload(mine.filter((one) => !known.has(one.id)));
          return;
        }
        this.table.open(audit.id, run, items, mine);
        for (const command of this.outbox.waiting) this.table.overlay(command);
      });
    });
    let shownRun = audit.run?.id ?? null;
    $effect(() => {
      const run = audit.run?.id ?? null;
      if (run === shownRun) return;
      shownRun = run;
      this.rows.reset();
      this.details.reset();
    });
    const stops = [
      audit.onItems((items) => (this.rows.refresh(items), this.details.refresh(items))),
      audit.onColumns((changed) => {
        const run = audit.run?.id ?? null;
        const mine = changed.filter((one) => one.run === null || one.run === run);
        this.table.reload(mine);
        // Scores come for all items at once, at the end of a run: rows and details are behind them.
        if (!mine.some((one) => one.run !== null && one.id !== "quadrant")) return;
        this.rows.outdate();
        this.details.outdate();
      }),
    ];
    // The host is back: what waits goes out now, not at the end of a wait.
    $effect(() => {
      if (audit.link === "live") untrack(() => this.outbox.retry());
    });
    let stopOverlay = () => {};
    void this.overlay.follow(this.places).then((stop) => (stopOverlay = stop));
    const flush = () => void this.flush();
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    return () => {
      stopOverlay();
      for (const stop of stops) stop();
      removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
    };
  }
}

/**
 * Makes state that outlives the component that first asks for it: what is derived inside a component goes stale with
 * it. Its end is that of its audit.
 */
export function rooted<T>(make: () => T): T {
  let made: T | undefined;
  $effect.root(() => {
    made = make();
  });
  return made as T; // sound: the root runs at once
}

const works = new WeakMap<AuditState, AuditWork>();

/** The one `AuditWork` of an open audit; made when first asked for. */
export function workOf(audit: AuditState): AuditWork {
  const known = works.get(audit);
  if (known) return known;
  const made = rooted(() => new AuditWork(audit));
  works.set(audit, made);
  return made;
}

/** Ends it: the audit is closed. What waits stays in the database for the next time. */
export function closeWork(audit: AuditState): void {
  works.get(audit)?.close();
  works.delete(audit);
}
