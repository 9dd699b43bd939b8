import type { Command } from "commander";
import type { Client } from "../../shared/contract/client.ts";
import type { Person } from "../../shared/contract/people.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { askPassphrase } from "./ask-passphrase.ts";
import { wholeNumber } from "./options.ts";
import { clientOf, personNamed } from "./signing-reader.ts";

/** For whom a command changes something, and where their passphrase comes from. */
export interface ActingFlags {
  readonly as?: string;
  readonly passphraseFd?: number;
}

export function addActingFlags(command: Command): Command {
  return command
    .option("--as <reader>", message("people.cli.as"))
    .option("--passphrase-fd <n>", message("cli.sign.option.passphrase-fd"), wholeNumber);
}

/**
 * Signs in whom `--as` names, else whoever worked here last; the passphrase is asked for only where there is one, and
 * comes from the terminal or a file descriptor, never from an argument. The client given is that person's: it may do
 * what they may. `person` null: nobody has worked here yet, and the client is the process's own.
 *
 * @throws AppError `people/unknown`, `people/passphrase-needed`, `keys/wrong-passphrase`
 */
export async function signedInReader(
  hansight: Pick<Hansight, "client" | "windowApp">,
  flags: ActingFlags,
): Promise<{ readonly person: Person | null; readonly client: Client }> {
  const { client } = hansight;
  const name = flags.as ?? (await client.people.list()).last;
  if (name === null) return { person: null, client };
  const { id: readerId, ...named } = await personNamed(client, name);
  const passphrase = named.hasPassphrase
    ? await askPassphrase(named.name, flags.passphraseFd ?? null)
    : null;
  const { session, person } = await client.people.signIn({ readerId, passphrase });
  return { person, client: clientOf(hansight, session) };
}
