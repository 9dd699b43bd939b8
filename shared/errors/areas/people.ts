import type { Role } from "../../domain/role.ts";
import type { CatalogueEntry } from "../entry.ts";

/** Failures of who works here: signing in, roles, reading blind. */
export const people = {
  "people/unknown": {
    status: 404,
    message: (_: object) => "Cannot find this person: nobody on this computer has that name or id",
    safe: "Nothing was changed",
    hint: "Choose one of the people on the list, or add a person",
  },
  "people/name-taken": {
    status: 409,
    message: (d: { name: string }) =>
      `Cannot add "${d.name}": somebody of that name works on this computer already`,
    safe: "Nobody was added or changed",
    hint: "Sign in as that person, or write the name so that the two can be told apart",
  },
  "people/passphrase-needed": {
    status: 403,
    message: (d: { name: string }) => `Cannot sign in as ${d.name} without the passphrase`,
    safe: "All work is unchanged",
    hint: "Type the passphrase; at the command line it is asked for, or read from --passphrase-fd",
  },
  "people/has-passphrase": {
    status: 409,
    message: (d: { name: string }) =>
      `Cannot set a first passphrase for ${d.name}: there is one already`,
    safe: "The passphrase is unchanged",
    hint: "Change it, with the one that holds now",
  },
  "people/no-passphrase": {
    status: 409,
    message: (d: { name: string }) => `Cannot do this for ${d.name}: there is no passphrase yet`,
    safe: "Nothing was changed",
    hint: "Set a passphrase first, in Settings under People",
  },
  "people/signed-out": {
    status: 401,
    message: (_: object) => "Cannot go on: nobody is signed in",
    safe: "Everything saved is kept, and what waits is kept on this computer",
    hint: "Sign in; on the command line, name with --as a person added in the window",
  },
  "people/locked": {
    status: 423,
    message: (_: object) => "Cannot go on: the window is locked",
    safe: "Everything saved is kept, and what waits is kept on this computer",
    hint: "Unlock it with your passphrase",
  },
  "people/other-reader": {
    status: 403,
    message: (_: object) => "Cannot write this: it is in the name of somebody who is not signed in",
    safe: "The audit is unchanged",
    hint: "Sign in as that person; their work waits for them on this computer",
  },
  "people/not-allowed": {
    status: 403,
    message: (d: { role: Role; needs: Exclude<Role, "viewer"> }) =>
      d.needs === "lead"
        ? `Cannot do this as a ${d.role}: it is for a lead of the audit`
        : `Cannot do this as a ${d.role}: it is for those who review`,
    safe: "The audit is unchanged",
    hint: "Ask a lead of the audit, who can change your role in Settings under People",
  },
  "people/last-lead": {
    status: 409,
    message: (_: object) => "Cannot take this role away: the audit would be without a lead",
    safe: "All roles are unchanged",
    hint: "Make somebody else a lead first",
  },
  "people/reading-blind": {
    status: 403,
    message: (d: { left: number }) =>
      `Cannot show this: you read blind and have ${d.left} ${d.left === 1 ? "item" : "items"} left`,
    safe: "What others said is kept and shown to you afterwards",
    hint: "Give your own verdict on each of them first",
  },
  "people/not-a-key": {
    status: 422,
    message: (d: { file: string }) => `Cannot take in "${d.file}": it is no copy of a key`,
    safe: "No person and no key was added",
    hint: "On the other computer choose Copy my key, and bring that file",
  },
} satisfies Record<string, CatalogueEntry>;
