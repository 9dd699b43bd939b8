import { randomUUID } from "node:crypto";
import { Command, InvalidArgumentError } from "commander";
import type { Audit } from "../../shared/contract/audits.ts";
import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import {
  blindModes,
  stratumKinds,
  type BlindMode,
  type PlanChoices,
  type StratumKind,
} from "../../shared/domain/plan.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { percentWords } from "../../shared/messages/rate-words.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { addJson, examples, oneOf, wholeNumber } from "./options.ts";
import { addActingFlags, signedInReader, type ActingFlags } from "./signed-in-reader.ts";
import { Terminal } from "./terminal.ts";

interface PlanFlags extends ActingFlags {
  readonly size?: number;
  readonly margin?: number;
  readonly strata?: readonly StratumKind[];
  readonly seed?: number;
  readonly readers?: readonly string[];
  readonly second?: number;
  readonly allSpurious?: boolean;
  readonly blind: BlindMode;
  readonly suspects?: number;
  readonly acceptance?: readonly [good: number, bad: number];
  readonly reason?: string;
  readonly freeze?: boolean;
  readonly json?: boolean;
}

/** `hansight plan X.hansight`: what would be read, or what is frozen to be read. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description(message("plan.cli.about"))
    .argument("<audit>")
    .option("--size <n>", message("plan.cli.size"), wholeNumber)
    .option("--margin <percent>", message("plan.cli.margin"), share)
    .option("--strata <kinds>", message("plan.cli.strata"), (text) =>
      text.split(",").map(oneOf(stratumKinds)),
    )
    .option("--seed <n>", message("plan.cli.seed"), wholeNumber)
    .option("--readers <names>", message("plan.cli.readers"), (text) => text.split(","))
    .option("--second <n>", message("plan.cli.second"), wholeNumber)
    .option("--all-spurious", message("plan.cli.allSpurious"))
    .option("--blind <mode>", message("plan.cli.blind"), oneOf(blindModes), "open")
    .option("--suspects <n>", message("plan.cli.suspects"), wholeNumber)
    .option("--acceptance <good,bad>", message("plan.cli.acceptance"), twoShares)
    .option("--reason <words>", message("plan.cli.reason"))
    .option("--freeze", message("plan.cli.freeze"));
  addJson(addActingFlags(command));
  examples(command, [
    "hansight plan chest.hansight --margin 5 --strata class,answer",
    "hansight plan chest.hansight --size 60 --seed 7 --readers Ann,Ben --blind reader-blind --freeze",
  ]);
  return command.action((folder: string, flags: PlanFlags) =>
    withHansight(async (hansight) => {
      const { client } = hansight;
      const terminal = new Terminal(Boolean(flags.json));
      const auditId = await openAudit(hansight, folder);
      const audit = await client.audits.get({ auditId });
      const choices = choicesOf(audit, flags);
      const preview = await client.plans.preview({ auditId, choices });
      terminal.say("plan.cli.drawn", {
        size: preview.size,
        population: preview.population,
        seed: choices.seed,
        readings: preview.readings,
        time: message("plan.cli.time", { n: Math.ceil(preview.seconds / 60) }),
      });
      terminal.say("plan.cli.second.count", { second: preview.second });
      for (const { rate, low, high } of preview.expected)
        terminal.say("plan.cli.expected", {
          rate: percentWords(rate),
          low: percentWords(low),
          high: percentWords(high),
          of: preview.size,
        });
      if (preview.strata.length > 1)
        terminal.table(
          preview.strata.map(({ cells, size, drawn }) => [
            cells.map((cell) => cell.join(" / ")).join(" + "),
            message("plan.cli.stratum", { drawn, size }),
          ]),
        );
      if (preview.acceptance && choices.acceptance)
        terminal.say("plan.acceptance.rule", {
          size: preview.acceptance.n,
          c: preview.acceptance.c,
          good: percentWords(choices.acceptance.good),
          atGood: preview.acceptance.acceptAtGood.toFixed(2),
          bad: percentWords(choices.acceptance.bad),
          atBad: preview.acceptance.acceptAtBad.toFixed(2),
        });
      if (!flags.freeze) {
        terminal.say("plan.cli.notFrozen");
        terminal.json({ choices, preview });
        return;
      }
      const { person, client: own } = await signedInReader(hansight, flags);
      const { no, recordNo } = await own.plans.freeze({
        auditId,
        choices,
        commandId: randomUUID() as CommandId, // a fresh id is what the brand stands for
        readerId: (person ?? fail("people/signed-out", {})).id,
        no: preview.no,
        reason: flags.reason ?? "",
      });
      const plan = (await client.plans.list({ auditId })).at(-1);
      terminal.say("plan.cli.frozen", {
        no,
        record: recordNo,
        hash: plan?.hash.slice(0, 12) ?? "",
      });
      terminal.json({ no, recordNo, plan });
    }),
  );
}

function choicesOf(audit: Audit, flags: PlanFlags): PlanChoices {
  const run = audit.runs.findLast(({ done }) => done > 0) ?? null;
  const [first, ...second] = (flags.readers ?? []).map((name) => readerCalled(audit, name));
  return {
    wish:
      flags.size === undefined
        ? { kind: "margin", margin: flags.margin ?? 0.05 }
        : { kind: "size", size: flags.size },
    seed: flags.seed ?? run?.seed ?? 1,
    strata: flags.strata ?? [],
    allocation: "proportional",
    run: run?.id ?? null,
    suspects:
      flags.suspects === undefined ? null : { top: flags.suspects, above: null, perClass: null },
    filter: null,
    blind: flags.blind,
    order: "shuffled",
    first: first ? [first] : [],
    second,
    secondSize: flags.second ?? null,
    allSpurious: Boolean(flags.allSpurious),
    acceptance: flags.acceptance ? { good: flags.acceptance[0], bad: flags.acceptance[1] } : null,
  };
}

/** Somebody of the audit, by name, initials or id. */
function readerCalled({ readers }: Audit, wanted: string): ReaderId {
  const found = readers.find(({ id, name, initials }) => [id, name, initials].includes(wanted));
  return found?.id ?? fail("plan/reader-unknown", { reader: wanted });
}

/** Per cent as a share. */
function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 100))
    throw new InvalidArgumentError(message("plan.acceptance.fault"));
  return value / 100;
}

function twoShares(text: string): [number, number] {
  const [good, bad, ...more] = text.split(",").map(share);
  if (good === undefined || bad === undefined || more.length > 0 || good >= bad)
    throw new InvalidArgumentError(message("plan.acceptance.fault"));
  return [good, bad];
}
