import { Command } from "commander";
import type { AuditId, ItemNo, RegionId } from "../../shared/domain/ids.ts";
import {
  fillIds,
  regionTestRules,
  testFacts,
  type FillId,
} from "../../shared/domain/region-test.ts";
import type { Shape } from "../../shared/domain/review.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { conclusionWords, controlWords, scoreWords } from "../../shared/messages/test-words.ts";
import type { Hansight } from "../start.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { addJson, examples, oneOf, wholeNumber } from "./options.ts";
import { addActingFlags, signedInReader, type ActingFlags } from "./signed-in-reader.ts";
import { Terminal } from "./terminal.ts";

interface TestRegionFlags extends ActingFlags {
  readonly region: string;
  readonly run?: number;
  readonly fill?: FillId;
  readonly controls?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

/** `hansight test-region X.hansight ITEM --region x,y,w,h|ID`: what covering a region costs the score. */
export function testRegionCommand(): Command {
  const command = new Command("test-region")
    .description(message("test.cli.about"))
    .argument("<audit>")
    .argument("<item>", message("test.cli.item"))
    .requiredOption("--region <where>", message("test.cli.region"))
    .option("--run <no>", message("cli.option.run"), wholeNumber)
    .option("--fill <how>", message("test.cli.fill"), oneOf(fillIds))
    .option("--controls <n>", message("test.cli.controls"), wholeNumber)
    .option("--seed <n>", message("test.cli.seed"), wholeNumber);
  addJson(addActingFlags(command));
  examples(command, [
    "hansight test-region chest.hansight 12 --region 8,290,50,16",
    "hansight test-region chest.hansight nodule/0231.png --region 8,290,50,16 --fill mean --controls 200",
  ]);
  return command.action((folder: string, asked: string, flags: TestRegionFlags) =>
    withHansight(async (hansight) => {
      const { client } = hansight;
      const terminal = new Terminal(Boolean(flags.json));
      const auditId = await openAudit(hansight, folder);
      const { runs, models } = await client.audits.get({ auditId });
      const run =
        flags.run === undefined ? runs.findLast(({ done }) => done > 0) : runs[flags.run - 1];
      if (!run)
        return flags.run === undefined
          ? fail("test/no-run", {})
          : fail("run/unknown", { run: String(flags.run) });
      const item = await itemCalled(hansight, auditId, asked);
      const { client: own } = await signedInReader(hansight, flags);
      const test = await own.tests.run({
        auditId,
        run: run.id,
        item,
        where: await whereOf(hansight, auditId, item, flags.region),
        fill: flags.fill ?? regionTestRules.fill,
        controls: flags.controls ?? regionTestRules.controls,
        seed: flags.seed ?? regionTestRules.seed,
      });
      const { result } = test;
      const names = models.find(({ id }) => id === run.modelId)?.classNames ?? [];
      const target = names[result.target] ?? String(result.target);
      terminal.say("test.score.of", { target, fill: message(`test.fill.${test.fill}`) });
      terminal.line(`${scoreWords(result)}. ${controlWords(result)}`);
      for (const line of conclusionWords(result, names)) terminal.line(line);
      const facts = testFacts(result);
      if (facts.p !== null)
        terminal.say("test.p", { p: facts.p.toPrecision(2), n: result.controls.length });
      terminal.json({ ...test, ...facts });
    }),
  );
}

async function itemCalled({ client }: Hansight, auditId: AuditId, asked: string): Promise<ItemNo> {
  if (/^\d+$/.test(asked)) return Number(asked);
  const found = await client.audits.find({ auditId, words: asked });
  const rows = await client.audits.rows({ auditId, run: null, items: found.slice(0, 500) });
  const row = rows.find(({ path, name }) => path === asked || name === asked);
  return row?.no ?? fail("test/no-item", { item: asked });
}

/** Four numbers are a box in pixels, anything else a region's id. */
async function whereOf(
  { client }: Hansight,
  auditId: AuditId,
  item: ItemNo,
  asked: string,
): Promise<{ readonly region: RegionId } | { readonly shape: Shape & { kind: "rect" } }> {
  const numbers = asked.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (numbers.length !== 4 || numbers.some(Number.isNaN)) return { region: asked as RegionId }; // looked up where it is tested
  const [row] = await client.audits.rows({ auditId, run: null, items: [item] });
  const { width, height } = row;
  if (!width || !height) return fail("test/no-picture", { file: row.name });
  const [x, y, w, h] = numbers;
  return { shape: { kind: "rect", x: x / width, y: y / height, w: w / width, h: h / height } };
}
