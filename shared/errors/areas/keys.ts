import type { CatalogueEntry } from "../entry.ts";

/** What can be wrong with a key file, as the clause after the colon. */
export const keyFaults = {
  "not-json": "it is empty, cut off, or not a key file",
  fields: "something is missing in it or does not belong there",
  checksum: "its content is not what was written",
  "other-reader": "it is named after another reader than it holds",
  "other-key": "the private and the public key in it do not belong together",
  "not-a-file": "it is a link or a folder",
} as const;
export type KeyFault = keyof typeof keyFaults;

/** How others could get at a key file. */
export const keyExposures = {
  mode: "other users of this computer may read or write it",
  owner: "it belongs to another user of this computer",
} as const;
export type KeyExposure = keyof typeof keyExposures;

/** Failures of readers' keys. Details carry fingerprints, ids and paths, and nothing that is secret. */
export const keys = {
  "keys/wrong-passphrase": {
    status: 403,
    message: (d: { fingerprint: string }) =>
      `Cannot unlock key ${d.fingerprint}: the passphrase does not fit`,
    safe: "Nothing was signed; the key and all work are unchanged",
    hint: "Type it again, with an eye on caps lock and keyboard layout. A lost passphrase cannot be recovered: the lead adds a new key for the reader",
  },
  "keys/empty-passphrase": {
    status: 422,
    message: (_: object) => "Cannot protect a key: the passphrase is empty",
    safe: "No key was made or changed",
    hint: "Type a passphrase; several words are easy to keep in mind and hard to guess",
  },
  "keys/missing": {
    status: 404,
    message: (d: { readerId: string }) =>
      `Cannot unlock the key of reader ${d.readerId}: it is not on this computer`,
    safe: "Reviewing works without it; only signing and locking need it",
    hint: "On the computer that has it choose Copy my key, and bring the copy here",
  },
  "keys/damaged": {
    status: 422,
    message: (d: { file: string; why: KeyFault }) =>
      `Cannot use key file "${d.file}": ${keyFaults[d.why]}`,
    safe: "The file was left as it is, and what was signed before stays signed",
    hint: "Put back a copy made by Copy my key; without one, the lead adds a new key for the reader",
  },
  "keys/weak": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot use key file "${d.file}": its passphrase would be easier to guess than Hansight allows`,
    safe: "The file was left as it is, and no passphrase was tried on it",
    hint: "Hansight never writes such a file: ask where it comes from, and put back a copy made by Copy my key",
  },
  "keys/newer": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot use key file "${d.file}": it was locked by a newer Hansight`,
    safe: "The file was left as it is",
    hint: "Update Hansight on this computer",
  },
  "keys/open-to-others": {
    status: 403,
    message: (d: { file: string; why: KeyExposure }) =>
      `Cannot use key file "${d.file}": ${keyExposures[d.why]}`,
    safe: "The key in it is still locked by its passphrase; the file was left as it is",
    hint: "Make it yours alone (chmod 600). On a drive without permissions, let HANSIGHT_HOME name a folder elsewhere",
  },
  "keys/exists": {
    status: 409,
    message: (d: { readerId: string }) =>
      `Cannot add a key for reader ${d.readerId}: this computer has one already`,
    safe: "The key that is here is unchanged",
    hint: "Use it with the passphrase it has here",
  },
  "keys/changed-meanwhile": {
    status: 409,
    message: (d: { fingerprint: string }) =>
      `Cannot change the passphrase of key ${d.fingerprint}: its file changed in the meantime`,
    safe: "The key is as the other change left it",
    hint: "Try again with the passphrase that fits now",
  },
  "keys/not-read": {
    status: 500,
    message: (d: { file: string; why: string }) => `Cannot read "${d.file}": ${d.why}`,
    safe: "Nothing was changed",
    hint: "Check the drive and the permissions of the folder, then try again",
  },
  "keys/not-written": {
    status: 500,
    message: (d: { file: string; why: string }) => `Cannot write "${d.file}": ${d.why}`,
    safe: "What was there before is unchanged",
    hint: "Free space, and check that the folder may be written; then try again",
  },
  "keys/signed-already": {
    status: 409,
    message: (d: { name: string; file: string }) =>
      `Cannot add the signature of ${d.name}: "${d.file}" holds one by the same key with the same meaning`,
    safe: "The signatures that are there are unchanged",
    hint: "Choose another meaning, or reopen the report to sign a new revision",
  },
} satisfies Record<string, CatalogueEntry>;
