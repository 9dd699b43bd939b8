import { message } from "../../shared/messages/catalogue.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import type { AuditWork } from "./audit-work.svelte.ts";

export type Direction = "undo" | "redo";

export interface LastAction {
  readonly recordNo: number;
  readonly item: ItemNo | null;
  readonly words: string;
}

/** What a press of undo led to, for the screen to say. */
export type UndoAnswer =
  | { readonly kind: "nothing" }
  | { readonly kind: "waiting" }
  /** It lies elsewhere: the same key again takes it back there. */
  | { readonly kind: "ask"; readonly last: LastAction }
  | { readonly kind: "done"; readonly last: LastAction };

/**
 * Undo and redo over the record: what is in view is taken back at once, anything else is asked about first, so that
 * nothing changes out of sight without being named.
 */
export class UndoRedo {
  readonly #work: AuditWork;
  /** The action that the last press asked about. */
  asked = $state.raw<{ direction: Direction; recordNo: number } | null>(null);
  #isBusy = false;

  constructor(work: AuditWork) {
    this.#work = work;
  }

  /** `isInView`: whether a person sees what the action changed. */
  async press(
    direction: Direction,
    isInView: (last: LastAction) => boolean,
  ): Promise<UndoAnswer | null> {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    try {
      return await this.#press(direction, isInView);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Any other action: the question is off. */
  forget(): void {
    this.asked = null;
  }

  async #press(direction: Direction, isInView: (last: LastAction) => boolean): Promise<UndoAnswer> {
    const { audit, outbox } = this.#work;
    const waited = await Promise.race([
      outbox.whenEmpty().then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 2000)),
    ]);
    if (!waited) return { kind: "waiting" };
    const readerId = audit.reader.id;
    const last = await audit.api.audits.lastAction({ auditId: audit.id, readerId, direction });
    if (!last) return { kind: "nothing" };
    const isAgreed = this.asked?.recordNo === last.recordNo && this.asked.direction === direction;
    if (!isAgreed && !isInView(last)) {
      this.asked = { direction, recordNo: last.recordNo };
      return { kind: "ask", last };
    }
    this.asked = null;
    await audit.apply({ kind: direction, recordNo: last.recordNo });
    return { kind: "done", last };
  }
}

/** The answer as a sentence; `nameOf` knows file names of items in view. */
export function undoWords(
  direction: Direction,
  answer: UndoAnswer,
  nameOf: (item: ItemNo) => string | null,
): string {
  switch (answer.kind) {
    case "nothing":
      return message(`review.${direction}.nothing`);
    case "waiting":
      return message("review.undo.waiting");
    case "done":
      return message(`review.${direction}.done`, { words: answer.last.words });
    case "ask": {
      const { item, words } = answer.last;
      if (item === null) return message(`review.${direction}.askAll`, { words });
      const name = nameOf(item) ?? message("review.undo.elsewhere", { no: item });
      return message(`review.${direction}.ask`, { name, words });
    }
  }
}
