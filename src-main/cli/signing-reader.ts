import type { Command } from "commander";
import { createClient, type Client } from "../../shared/contract/client.ts";
import { sessionHeader, type Person } from "../../shared/contract/people.ts";
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

/**
 * The person of this computer that `--as` names, by name or id, once the passphrase has proven it; the client is theirs,
 * and may do what they may.
 */
export async function signingReader(
  hansight: Pick<Hansight, "client" | "windowApp">,
  flags: ReaderFlags,
): Promise<{ readonly person: Person; readonly passphrase: string; readonly client: Client }> {
  const { client } = hansight;
  const person = await personNamed(client, flags.as);
  const passphrase = await askPassphrase(person.name, flags.passphraseFd ?? null);
  // refused here, before anything is locked
  const { session } = await client.people.signIn({ readerId: person.id, passphrase });
  return { person, passphrase, client: clientOf(hansight, session) };
}

/** The client of a session's person. */
export function clientOf({ windowApp }: Pick<Hansight, "windowApp">, session: string): Client {
  return createClient("http://hansight.localhost", (request) => {
    request.headers.set(sessionHeader, session);
    return windowApp(request);
  });
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
