import { Command } from "commander";
import type { Rates } from "../../shared/domain/rates.ts";
import { message, type MessageKey } from "../../shared/messages/catalogue.ts";
import {
  agreementWords,
  intervalWords,
  percentWords,
  rateWords,
} from "../../shared/messages/rate-words.ts";
import type { CoefficientInterval } from "../../shared/statistics/bootstrap-coefficient.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** `hansight rates X.hansight`: what the random sample says, whole. */
export function ratesCommand(): Command {
  const command = new Command("rates")
    .description(message("plan.cli.rates.about"))
    .argument("<audit>");
  addJson(command);
  examples(command, ["hansight rates chest.hansight", "hansight rates chest.hansight --json"]);
  return command.action((folder: string, flags: { readonly json?: boolean }) =>
    withHansight(async (hansight) => {
      const terminal = new Terminal(Boolean(flags.json));
      const auditId = await openAudit(hansight, folder);
      const rates = await hansight.client.plans.rates({ auditId });
      sayRates(rates, terminal);
      terminal.json(rates);
    }),
  );
}

function sayRates(rates: Rates, terminal: Terminal): void {
  const { overall, quadrants, cause, groups, read, size } = rates;
  if (overall) terminal.say("plan.cli.rates.overall", { rate: rateWords(overall) });
  else
    terminal.say("plan.cli.rates.none", {
      cause: message(`rates.cause.${cause ?? "not-read"}`, { n: size, read }),
    });
  if (quadrants)
    terminal.say("plan.cli.rates.wrongReason", { rate: rateWords(quadrants["right-off"]) });
  if (overall && groups.length > 0) {
    terminal.say("plan.cli.rates.groups");
    terminal.table(
      groups.map(({ kind, name, rate, sampled }) => [
        message(`rates.group.${kind}`),
        kind === "answer"
          ? message(name === "right" ? "rates.name.right" : "rates.name.wrong")
          : name,
        rate ? rateWords(rate) : message("plan.cli.rates.unread", { n: sampled }),
      ]),
    );
  }
  sayAcceptance(rates, terminal);
  sayAgreement(rates, terminal);
}

function sayAcceptance({ acceptance }: Rates, terminal: Terminal): void {
  if (!acceptance) return;
  const { plan, found, read, decision, interval } = acceptance;
  terminal.say(`rates.acceptance.${decision}`, { found, read, of: plan.n, c: plan.c });
  if (read > 0)
    terminal.say("rates.acceptance.interval", { interval: intervalWords(interval), found, read });
  terminal.say("rates.acceptance.plan", {
    good: percentWords(plan.good),
    atGood: plan.acceptAtGood.toFixed(2),
    bad: percentWords(plan.bad),
    atBad: plan.acceptAtBad.toFixed(2),
  });
}

function sayAgreement({ agreement, disagreements }: Rates, terminal: Terminal): void {
  if (!agreement) return;
  const { shared, alpha, kappa, ac1, raw, prevalence, isReliable } = agreement;
  terminal.say("rates.agreement.shared", { n: shared });
  const row = (key: MessageKey, figure: CoefficientInterval) => [
    message(key),
    agreementWords(figure),
  ];
  terminal.table([
    row("rates.agreement.alpha", alpha),
    ...(kappa ? [row(`rates.agreement.kappa.${kappa.of}`, kappa)] : []),
    row("rates.agreement.ac1", ac1),
    [message("rates.agreement.raw"), raw.toFixed(2)],
    [message("rates.agreement.prevalence"), prevalence[1].toFixed(2)],
  ]);
  if (isReliable === false) terminal.say("rates.agreement.weak");
  terminal.say("plan.disagreements", { n: disagreements.length });
}
