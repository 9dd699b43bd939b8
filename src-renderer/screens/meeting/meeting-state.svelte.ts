/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced whole */
import type { Said } from "../../../shared/contract/meetings.ts";
import type { ItemNo, MeetingId, QueueId } from "../../../shared/domain/ids.ts";
import type { Consensus, Meeting } from "../../../shared/domain/meeting.ts";
import type { Reason, Verdict } from "../../../shared/domain/review.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import { workOf, type AuditWork } from "../../review/audit-work.svelte.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

/** What the room said of one item so far. */
export interface RoomSaid {
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly dissent: number;
  readonly note: string;
}

const nothingSaid: RoomSaid = { verdict: null, reasons: [], dissent: 0, note: "" };

/** Items marked for discussion, or a stored queue. */
export type MeetingQueue = "discussed" | QueueId;

/** One meeting: who is present, what is looked at, and what the room says of each item. */
export class MeetingInSession {
  readonly work: AuditWork;
  meeting = $state.raw<Meeting | null>(null);
  /** Of earlier meetings, by id: an earlier consensus is shown with its count. */
  earlier = $state.raw<readonly Meeting[]>([]);
  discussed = $state.raw<readonly ItemNo[]>([]);
  isLoaded = $state(false);
  items = $state.raw<readonly ItemNo[]>([]);
  at = $state(0);
  failure = $state.raw<ErrorJson | null>(null);
  /** Seconds since 1970 at which the item came into view. */
  since = $state(Date.now());
  isSaidShown = $state(false);
  said = $state.raw<readonly Said[]>([]);
  consensus = $state.raw<readonly Consensus[]>([]);
  #rooms = $state.raw<ReadonlyMap<ItemNo, RoomSaid>>(new Map<ItemNo, RoomSaid>());
  readonly #audit: AuditState;

  readonly item: ItemNo | null = $derived(this.items[this.at] ?? null);
  readonly room: RoomSaid = $derived(
    (this.item === null ? null : this.#rooms.get(this.item)) ?? nothingSaid,
  );
  readonly decided = $derived(
    this.items.filter((item) => (this.#rooms.get(item)?.verdict ?? null) !== null).length,
  );
  readonly present = $derived(this.meeting?.present.length ?? 0);

  constructor(audit: AuditState) {
    this.#audit = audit;
    this.work = workOf(audit);
  }

  /** Reads what is marked for discussion; takes up a meeting that a reload left. */
  async open(left: { meeting: string | null; queue: string | null; item: number | null }) {
    const { api, id: auditId } = this.#audit;
    try {
      const { meetings, discussed } = await api.meetings.list({ auditId });
      this.discussed = discussed;
      this.earlier = meetings;
      const meeting = meetings.find(({ id }) => id === left.meeting) ?? null;
      if (meeting) {
        this.meeting = meeting;
        this.#choose((left.queue ?? "discussed") as MeetingQueue); // an unknown queue has no items
        await this.#recall();
        this.go(Math.max(0, this.items.indexOf(left.item ?? -1)));
      }
      this.isLoaded = true;
    } catch (cause) {
      this.failure = toErrorJson(cause);
    }
  }

  /** Before it begins: what was marked meanwhile joins the queue. */
  async refresh(): Promise<void> {
    const { api, id: auditId } = this.#audit;
    const list = await api.meetings.list({ auditId }).catch(() => null);
    if (list && !this.meeting) this.discussed = list.discussed;
  }

  itemsOf(queue: MeetingQueue): readonly ItemNo[] {
    if (queue === "discussed") return this.discussed;
    return this.#audit.queues.find(({ id }) => id === queue)?.items ?? [];
  }

  /** Records who is present, and begins with the first item; false: refused, and why in `failure`. */
  async begin(present: readonly string[], queue: MeetingQueue): Promise<boolean> {
    const id = crypto.randomUUID() as MeetingId; // sound: a fresh id is what the brand stands for
    this.failure = null;
    try {
      const applied = await this.#audit.apply({ kind: "meeting.start", meeting: id, present });
      const { recordNo, at } = applied;
      this.meeting = { id, present, presenter: this.#audit.reader.id, at, recordNo };
    } catch (cause) {
      this.failure = toErrorJson(cause);
      return false;
    }
    this.#choose(queue);
    this.go(0);
    return true;
  }

  #choose(queue: MeetingQueue): void {
    this.items = this.itemsOf(queue);
  }

  /** What this meeting said before the window was loaded again. */
  async #recall(): Promise<void> {
    const { api, id: auditId } = this.#audit;
    const rooms = new Map<ItemNo, RoomSaid>();
    for (const item of this.items) {
      const { consensus } = await api.meetings.item({ auditId, item });
      const own = consensus.find(({ meeting }) => meeting === this.meeting?.id);
      if (own) rooms.set(item, own);
    }
    this.#rooms = rooms;
  }

  go(at: number): void {
    if (at < 0 || at >= this.items.length) return;
    this.at = at;
    this.since = Date.now();
    this.isSaidShown = false;
    this.said = [];
    this.consensus = [];
    for (const item of this.items.slice(at, at + 3)) {
      void this.work.details.want(item);
      void this.work.pictures.image(item, this.work.pictureSize).promise.catch(() => undefined);
    }
  }

  // What the room says

  decide(verdict: Verdict): void {
    const asksReasons = verdict === "spurious" || verdict === "mixed";
    this.#set({ verdict, reasons: asksReasons ? this.room.reasons : [] });
    void this.#send();
  }

  toggleReason(reason: Reason): void {
    const { reasons } = this.room;
    this.#set({
      reasons: reasons.includes(reason)
        ? reasons.filter((other) => other !== reason)
        : [...reasons, reason],
    });
    void this.#send();
  }

  /** Nobody dissents alone: at least one carries the verdict. */
  dissent(by: 1 | -1): void {
    const dissent = Math.min(Math.max(0, this.room.dissent + by), Math.max(0, this.present - 1));
    if (dissent === this.room.dissent) return;
    this.#set({ dissent });
    void this.#send();
  }

  writeNote(note: string): void {
    this.#set({ note });
  }

  /** The note goes out when its box is left. */
  keepNote(): void {
    void this.#send();
  }

  clear(): void {
    const { item, meeting } = this;
    if (item === null || !meeting || this.room.verdict === null) return;
    this.#set({ verdict: null, reasons: [] });
    this.isSaidShown = false;
    void this.#apply({ kind: "meeting.clear", meeting: meeting.id, item });
  }

  /** What readers and earlier meetings said: only once the room has spoken. */
  async showSaid(isShown: boolean): Promise<void> {
    const { item } = this;
    this.isSaidShown = isShown && this.room.verdict !== null;
    if (!this.isSaidShown || item === null) return;
    const { api, id: auditId } = this.#audit;
    try {
      const { said, consensus } = await api.meetings.item({ auditId, item });
      if (this.item !== item) return;
      this.said = said;
      this.consensus = consensus.filter(({ meeting }) => meeting !== this.meeting?.id);
    } catch (cause) {
      this.failure = toErrorJson(cause);
    }
  }

  #set(changes: Partial<RoomSaid>): void {
    if (this.item === null) return;
    const rooms = new Map(this.#rooms);
    rooms.set(this.item, { ...this.room, ...changes });
    this.#rooms = rooms;
  }

  async #send(): Promise<void> {
    const { item, meeting, room } = this;
    if (item === null || !meeting || room.verdict === null) return;
    const { verdict, reasons, dissent, note } = room;
    const run = this.#audit.run?.id ?? null;
    await this.#apply({
      kind: "meeting.verdict",
      meeting: meeting.id,
      ...{ item, run, verdict, reasons, dissent, note },
    });
  }

  async #apply(body: Parameters<AuditState["apply"]>[0]): Promise<void> {
    this.failure = null;
    try {
      await this.#audit.apply(body);
    } catch (cause) {
      this.failure = toErrorJson(cause);
    }
  }
}
