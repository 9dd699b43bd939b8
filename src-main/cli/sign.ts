import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { AuditId, CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { signatureMeanings, type SignatureMeaning } from "../../shared/domain/signature.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { followJob, openAudit, withHansight } from "./in-process.ts";
import { addJson, examples, oneOf } from "./options.ts";
import { addReaderFlags, personNamed, signingReader, type ReaderFlags } from "./signing-reader.ts";
import { Terminal } from "./terminal.ts";

interface SignFlags extends ReaderFlags {
  readonly meaning: SignatureMeaning;
  readonly statement?: string;
  readonly signer: readonly OtherSigner[];
  readonly keepNames?: boolean;
  readonly json?: boolean;
}

interface OtherSigner {
  readonly name: string;
  readonly meaning: SignatureMeaning;
}

/** `hansight sign X.hansight --as READER --meaning reviewed`: locks and builds the revision where it is open, then signs it. */
export function signCommand(): Command {
  const command = new Command("sign")
    .description(message("cli.sign.about"))
    .argument("<audit>")
    .requiredOption(
      "--meaning <what>",
      message("cli.sign.option.meaning", { meanings: signatureMeanings.join(", ") }),
      oneOf(signatureMeanings),
    )
    .option("--statement <text>", message("cli.sign.option.statement"))
    .option("--signer <name=meaning>", message("cli.sign.option.signer"), otherSigner, [])
    .option("--keep-names", message("cli.option.keep-names"));
  addReaderFlags(command);
  addJson(command);
  examples(command, [
    'hansight sign chest.hansight --as "A. Meyer" --meaning authored --signer "B. Kone=reviewed"',
    'hansight sign chest.hansight --as "B. Kone" --meaning reviewed --passphrase-fd 3 3<secret',
  ]);
  return command.action((folder: string, flags: SignFlags) =>
    withHansight(async (hansight) => {
      const terminal = new Terminal(Boolean(flags.json));
      const auditId = await openAudit(hansight, folder);
      const { person, passphrase, client } = await signingReader(hansight, flags);
      const { meaning, statement = "" } = flags;
      const built = await builtRevision(
        { ...hansight, client },
        auditId,
        flags,
        person.id,
        terminal,
      );
      const revision = await client.revisions.sign({
        auditId,
        commandId: newCommandId(),
        readerId: person.id,
        passphrase,
        meaning,
        statement,
        manifestSha256: built.manifestSha256,
      });
      const bundle = join(hansight.folderOf(auditId), "exports", `r${revision.no}`);
      const k = revision.signers.filter(({ signed }) => signed !== null).length;
      const n = revision.signers.length;
      const { manifestSha256 } = built;
      terminal.json({ revision: revision.no, signed: k, signers: n, manifestSha256, bundle });
      const words = message(`keys.meaning.${meaning}`);
      terminal.say("cli.sign.done", { no: revision.no, name: person.name, meaning: words, k, n });
      terminal.say("cli.sign.key", { fingerprint: person.fingerprint ?? "" });
      terminal.say("cli.sign.manifest", { hash: manifestSha256 });
      terminal.say("cli.sign.bundle", { path: bundle });
    }),
  );
}

/** The revision that waits for signatures; an open one is locked and built first. */
async function builtRevision(
  hansight: Hansight,
  auditId: AuditId,
  flags: SignFlags,
  readerId: ReaderId,
  terminal: Terminal,
): Promise<{ readonly manifestSha256: string }> {
  const { client } = hansight;
  const current = async () => (await client.revisions.list({ auditId })).revisions.at(-1);
  if ((await current())?.state === "draft") {
    const others = await Promise.all(
      flags.signer.map(async ({ name, meaning }) => ({
        readerId: (await personNamed(client, name)).id,
        meaning,
      })),
    );
    const { jobId } = await client.revisions.prepare({
      auditId,
      commandId: newCommandId(),
      readerId,
      signers: [{ readerId, meaning: flags.meaning }, ...others],
      run: null,
      plates: null,
      keepNames: Boolean(flags.keepNames),
    });
    await followJob(hansight, { auditId, jobId }, terminal);
  }
  const built = await current();
  if (!built?.manifestSha256) return fail("revision/not-ready", { revision: built?.no ?? 1 });
  return { manifestSha256: built.manifestSha256 };
}

function otherSigner(text: string, before: readonly OtherSigner[]): OtherSigner[] {
  const [, name, meaning] = /^(.+)=(\w+)$/.exec(text) ?? [];
  if (name === undefined || meaning === undefined)
    throw new InvalidArgumentError(message("cli.sign.option.signer"));
  return [...before, { name, meaning: oneOf(signatureMeanings)(meaning) }];
}

export function newCommandId(): CommandId {
  return randomUUID() as CommandId; // a fresh id is what the brand stands for
}
