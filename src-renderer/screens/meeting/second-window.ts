import type { AuditId, ItemNo } from "../../../shared/domain/ids.ts";
import { overlayModes, type OverlayMode } from "../../../shared/domain/review.ts";
import { z } from "zod";

/** What the presenter's window tells the picture's: which item, and how its map is shown. */
export interface Shown {
  readonly item: ItemNo | null;
  readonly mode: OverlayMode;
}

const shownSchema = z.strictObject({
  item: z.int().min(0).nullable(),
  mode: z.enum(overlayModes),
});

const channelOf = (audit: AuditId) => new BroadcastChannel(`hansight.meeting.${audit}`);

/** The presenter's end: tells each window that asks, and all of them of every change. */
export class Presenting {
  readonly #channel: BroadcastChannel;
  #shown: Shown = { item: null, mode: "overlay" };

  constructor(audit: AuditId) {
    this.#channel = channelOf(audit);
    this.#channel.onmessage = ({ data }) => {
      if (data === "what") this.#channel.postMessage(this.#shown);
    };
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.#channel.postMessage(shown);
  }

  close(): void {
    this.#channel.postMessage({ item: null, mode: "overlay" } satisfies Shown);
    this.#channel.close();
  }
}

/** The picture's end: asks what is shown, and follows it; returns how to stop. */
export function followPresenter(audit: AuditId, onshown: (shown: Shown) => void): () => void {
  const channel = channelOf(audit);
  channel.onmessage = ({ data }) => {
    const parsed = shownSchema.safeParse(data);
    if (parsed.success) onshown(parsed.data);
  };
  channel.postMessage("what");
  return () => channel.close();
}
