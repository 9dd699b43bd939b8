import type { Command } from "commander";
import type { Person } from "../../shared/contract/people.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { askPassphrase } from "./ask-passphrase.ts";
import { wholeNumber } from "./options.ts";

/** Who acts, and where their passphrase comes from. */
export interface ReaderFlags {
  readonly as: string;
  readonly passphraseFd?: number;
}

export function addReaderFlags(command: Command): Command {
  return command
    .requiredOption("--as <reader>", message("cli.sign.option.as"))
    .option("--passphrase-fd <n>", message("cli.sign.option.passphrase-fd"), wholeNumber);
}

/** The person of this computer that `--as` names, by name or id, once the passphrase has proven it. */
export async function signingReader(
  { client }: Hansight,
  flags: ReaderFlags,
): Promise<{ readonly person: Person; readonly passphrase: string }> {
  const person = await personNamed(client, flags.as);
  const passphrase = await askPassphrase(person.name, flags.passphraseFd ?? null);
  await client.people.signIn({ readerId: person.id, passphrase }); // refused here, before anything is locked
  return { person, passphrase };
}

/** Somebody of this computer by name or id. Fails with `people/unknown`. */
export async function personNamed(client: Hansight["client"], name: string): Promise<Person> {
  const { people } = await client.people.list();
  const plain = (text: string) => text.normalize("NFKC").trim().toLocaleLowerCase("en");
  return (
    people.find((person) => person.id === name || plain(person.name) === plain(name)) ??
    fail("people/unknown", {})
  );
}
