import { randomUUID } from "node:crypto";
import { cornerShare, mustBeAnswered } from "../../../shared/domain/identity.ts";
import type { CommandId, ItemNo, ReaderId } from "../../../shared/domain/ids.ts";
import type { AuditStore } from "../../store/audit-store.ts";

/** Records one answer, in a reader's name, for the pictures among `items` (null: all) that still need one. */
export function answerIdentity(
  store: AuditStore,
  among: readonly ItemNo[] | null,
  answer: "mask" | "confirm" | "leave-out",
  readerId: ReaderId,
): void {
  const chosen = among && new Set(among);
  const items = [...store.identityStates()].flatMap(([item, state]) =>
    mustBeAnswered(state) && (chosen?.has(item) ?? true) ? [item] : [],
  );
  if (items.length === 0) return;
  const by = { id: randomUUID() as CommandId, readerId, items }; // the host's own command
  if (answer === "mask") store.apply({ ...by, kind: "identity.mask", boxes: corners });
  else
    store.apply({ ...by, kind: answer === "confirm" ? "identity.confirm" : "identity.leaveOut" });
}

const { w, h } = cornerShare;
/** The four corners, where devices write. */
const corners = [
  { x: 0, y: 0, w, h },
  { x: 1 - w, y: 0, w, h },
  { x: 0, y: 1 - h, w, h },
  { x: 1 - w, y: 1 - h, w, h },
];
