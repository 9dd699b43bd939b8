import { z } from "zod";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { roleOnJoining, roles } from "../../shared/domain/role.ts";
import type { RecordedReader } from "../../shared/domain/signature.ts";

const addedSchema = z.looseObject({
  name: z.string(),
  role: z.enum(roles).optional(),
  publicKey: z.string().nullish(),
});
const roleSchema = z.looseObject({ role: z.enum(roles) });

/**
 * Every key with each name and role that its holder has had in these entries, in order: what a signature is checked
 * against. They may come from a bundle's `record.log`, so what cannot be read is passed over; its hash tells of it.
 */
export function recordedReaders(entries: Iterable<RecordEntry>): RecordedReader[] {
  const now = new Map<ReaderId, RecordedReader>();
  const found: RecordedReader[] = [];
  for (const { action, object, after } of entries) {
    if (action !== "reader.add" && action !== "reader.role") continue;
    const readerId = object.slice("reader/".length) as ReaderId; // as Readers writes it
    const before = now.get(readerId);
    const reader = action === "reader.add" ? added(after, before, now) : changed(after, before);
    if (!reader) continue;
    now.set(readerId, { ...reader, readerId });
    if (reader.publicKey !== "") found.push({ ...reader, readerId });
  }
  return found;
}

/** The last that `readers` say of somebody; undefined where they have no key there. */
export function lastOf(
  readers: readonly RecordedReader[],
  readerId: ReaderId,
): RecordedReader | undefined {
  return readers.findLast((reader) => reader.readerId === readerId);
}

type Known = Omit<RecordedReader, "readerId">;

function added(
  after: unknown,
  before: RecordedReader | undefined,
  now: ReadonlyMap<ReaderId, RecordedReader>,
): Known | null {
  const parsed = addedSchema.safeParse(after);
  if (!parsed.success) return null;
  const { name, role, publicKey } = parsed.data;
  const hasLead = [...now.values()].some((one) => one.role === "lead");
  return {
    name,
    role: before?.role ?? role ?? roleOnJoining("reviewer", hasLead),
    publicKey: publicKey ?? before?.publicKey ?? "",
  };
}

function changed(after: unknown, before: RecordedReader | undefined): Known | null {
  const parsed = roleSchema.safeParse(after);
  return parsed.success && before ? { ...before, role: parsed.data.role } : null;
}
