import { implement } from "@orpc/server";
import { z } from "zod";
import { initialsSchema, nameSchema, people as contract } from "../../shared/contract/people.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { roles } from "../../shared/domain/role.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import type { ReaderKey, ReaderKeys } from "../keys/reader-keys.ts";
import { newReader, type KnownReader, type Library } from "../store/library.ts";
import type { Deps } from "./deps.ts";
import { mustLead } from "./rights.ts";
import type { CallContext, Caller } from "./sessions.ts";

/** What "Copy my key" writes: the locked key as it lies here, and whose it is. */
const copySchema = z.strictObject({
  hansightKey: z.literal(1),
  name: nameSchema,
  initials: initialsSchema,
  role: z.enum(roles),
  key: z.string(),
});

/** People on this computer: who they are, their keys, and the sessions of their windows. */
export function peopleRoutes({
  audits,
  keys,
  library,
  sessions,
}: Pick<Deps, "audits" | "keys" | "library" | "sessions">) {
  const route = implement(contract).$context<CallContext>();
  const known = (id: ReaderId) => library.reader(id) ?? fail("people/unknown", {});
  const person = async (id: ReaderId) => personOf(known(id), keys);
  /** New facts of somebody, in the library and in the audits where they have joined. */
  const put = async (reader: KnownReader) => {
    library.putReader(reader);
    for (const { store } of audits.list())
      if (!store.isReadOnly && store.roleOf(reader.id)) store.addReader(reader);
    return personOf(reader, keys);
  };
  return {
    list: route.list.handler(async () => ({
      people: await Promise.all(library.readers().map((reader) => personOf(reader, keys))),
      last: library.me()?.id ?? null,
    })),
    create: route.create.handler(async ({ input: { passphrase, ...named } }) => {
      const reader = { ...newReader(), ...named };
      mustBeFree(library, reader);
      return put(
        passphrase === null
          ? reader
          : { ...reader, publicKey: (await keys.create(reader.id, passphrase)).publicKey },
      );
    }),
    signIn: route.signIn.handler(async ({ input: { readerId, passphrase } }) => {
      const reader = known(readerId);
      // a reader whose key is elsewhere does not get in without it
      if (reader.publicKey !== null || (await keys.find(readerId))) {
        if (passphrase === null) fail("people/passphrase-needed", { name: reader.name });
        await keys.checkPassphrase(readerId, passphrase);
      }
      library.isMe(readerId);
      return { session: sessions.begin(readerId), person: await personOf(reader, keys) };
    }),
    session: route.session.handler(async ({ context: { caller } }) =>
      caller.kind === "reader" || caller.kind === "locked"
        ? { person: await person(caller.readerId), isLocked: caller.kind === "locked" }
        : null,
    ),
    signOut: route.signOut.handler(({ context: { caller } }) => {
      if ("token" in caller) sessions.end(caller.token);
      return {};
    }),
    lock: route.lock.handler(async ({ context: { caller } }) => {
      const { readerId, token } = signedIn(caller);
      const { hasPassphrase, name } = await person(readerId);
      if (!hasPassphrase) fail("people/no-passphrase", { name });
      sessions.setLocked(token, true);
      return {};
    }),
    unlock: route.unlock.handler(async ({ input: { passphrase }, context: { caller } }) => {
      const { readerId, token } = signedIn(caller);
      await keys.checkPassphrase(readerId, passphrase);
      sessions.setLocked(token, false);
      return {};
    }),
    setPassphrase: route.setPassphrase.handler(
      async ({ input: { before, after }, context: { caller } }) => {
        const reader = known(mayChange(caller).readerId);
        if (before !== null) {
          await keys.changePassphrase(reader.id, before, after);
          return personOf(reader, keys);
        }
        if (reader.publicKey !== null) fail("people/has-passphrase", { name: reader.name });
        const { publicKey } = await keys.create(reader.id, after);
        return put({ ...reader, publicKey });
      },
    ),
    rename: route.rename.handler(({ input, context: { caller } }) =>
      put({ ...known(mayChange(caller).readerId), ...input }),
    ),
    copyKey: route.copyKey.handler(async ({ context: { caller } }) => {
      const { id, name, initials, role } = known(mayChange(caller).readerId);
      if (!(await keys.find(id))) fail("people/no-passphrase", { name });
      const copy = { hansightKey: 1, name, initials, role, key: await keys.exportKey(id) };
      return { fileName: `hansight-key-${id}.json`, text: `${JSON.stringify(copy, null, 2)}\n` };
    }),
    takeKey: route.takeKey.handler(async ({ input: { fileName, text, passphrase } }) => {
      const copy = copySchema.safeParse(jsonOf(text));
      if (!copy.success) return fail("people/not-a-key", { file: fileName });
      const { name, initials, role, key } = copy.data;
      const { readerId: id, publicKey } = await takenIn(keys, key, passphrase, fileName);
      const here = library.reader(id);
      return put({ ...(here ?? { id, initials, role, name: freeName(library, name) }), publicKey });
    }),
    addToAudit: route.addToAudit.handler(
      async ({ input: { auditId, readerId, role }, context: { caller } }) => {
        const { store } = await audits.get(auditId);
        store.mustBeWritable();
        const by = mustLead(caller, store);
        if (!store.roleOf(readerId)) store.addReader({ ...known(readerId), role }, by ?? readerId);
        return {};
      },
    ),
  };
}

/** A person as windows see them. */
export async function personOf(reader: KnownReader, keys: ReaderKeys) {
  const { id, name, initials, role } = reader;
  let key: ReaderKey | null = null;
  let keyError = null;
  try {
    key = await keys.find(id);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    keyError = cause.toJSON();
  }
  const hasPassphrase = key !== null || reader.publicKey !== null;
  return {
    id,
    name,
    initials,
    role,
    fingerprint: key?.fingerprint ?? null,
    hasPassphrase,
    keyError,
  };
}

function signedIn(caller: Caller): Extract<Caller, { readonly token: string }> {
  return "token" in caller ? caller : fail("people/signed-out", {});
}

function mayChange(caller: Caller) {
  const session = signedIn(caller);
  return session.kind === "locked" ? fail("people/locked", {}) : session;
}

function mustBeFree(library: Library, { id, name }: KnownReader): void {
  if (library.readers().some((other) => other.name === name && other.id !== id))
    fail("people/name-taken", { name });
}

/** Two people of one name on one computer are told apart by a number. */
function freeName(library: Library, name: string): string {
  const taken = new Set(library.readers().map((reader) => reader.name));
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}

function takenIn(keys: ReaderKeys, key: string, passphrase: string, fileName: string) {
  return keys.importKey(key, passphrase, fileName);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
