/**
 * `npm run bench [-- --json]`: ratios measured in one run, medians of interleaved repeats, on two threads. Nothing here
 * passes or fails; the figures in the docs are what this printed.
 */
import { join } from "node:path";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { benchModels } from "./models.ts";
import { memoryOf, pipelineOf, type Pipeline } from "./pipeline.ts";
import { classRatios, gradientRatios, passRatios, type Ratio } from "./ratios.ts";
import { regionTestTimes } from "./region-test.ts";
import { storeTimes } from "./store.ts";

const cache = join(import.meta.dirname, "../../.cache/bench");
const isJson = process.argv.includes("--json");
const say = (text: string) => void (isJson || console.log(text));

const { models, absent } = benchModels(cache);
for (const name of absent) say(`skipped: ${name} (its file is not beside this checkout)`);

const ratios: Ratio[] = [];
for (const model of models) {
  const batches = [1, 8, 32];
  for (const ratio of await gradientRatios(model, batches)) add(ratio);
}
for (const model of models) {
  // One of each cost class: nothing beyond the forward pass, one backward, many tail passes.
  const classes = ["eigen-cam", "layercam", "recipro-cam", "ablation-cam"] as const;
  for (const ratio of await passRatios(model, classes)) add(ratio);
}
for (const model of models)
  for (const ratio of await classRatios(model)) add(ratio, "5 classes of ");
// Many whole passes: on the smallest alone.
const [smallest] = models;
for (const ratio of await passRatios(smallest, ["score-cam"])) add(ratio);

const pipeline: Pipeline[] = [];
for (const model of models) {
  const one = await pipelineOf(model, join(cache, "photographs"));
  pipeline.push(one);
  say(
    `pipeline  ${one.model.padEnd(18)} ${one.ratio.toFixed(2)} of forward-only ` +
      `(${one.imagesPerSecond.toFixed(0)} of ${one.forwardPerSecond.toFixed(0)} images/s; decoding alone ${one.decodePerSecond.toFixed(0)})`,
  );
}

const sessions = [];
for (const { name, path } of models) {
  const fromMs = performance.now();
  const opened = await openModel(path);
  const session = await opened.open(null);
  const ms = performance.now() - fromMs;
  await session.close();
  await opened.close();
  sessions.push({ model: name, ms });
  say(`session   ${name.padEnd(18)} opened at its default layer in ${ms.toFixed(0)} ms`);
}

const memory = await memoryOf(models[Math.min(1, models.length - 1)], join(cache, "photographs"));
say(
  `memory    ${memory.images} images: ${memory.after500.toFixed(0)} MB after 500, ${memory.atEnd.toFixed(0)} MB at the end ` +
    `(${memory.risePercent.toFixed(1)} %)`,
);
const peakMb = process.resourceUsage().maxRSS / 1024;
say(`peak      ${peakMb.toFixed(0)} MB resident in this whole run`);

const regionTests = await regionTestTimes();
for (const { controls, firstMs, warmMs } of regionTests)
  say(
    `region    test with ${controls} controls: ${warmMs.toFixed(0)} ms, ${firstMs.toFixed(0)} ms with the model to be opened`,
  );

const store = await storeTimes();
say(
  `store     ${store.items} items: listed in ${store.addMs.toFixed(0)} ms, a column ${store.columnMs.toFixed(0)} ms, ` +
    `500 rows ${store.rowsMs.toFixed(1)} ms, a search ${store.findMs.toFixed(0)} ms`,
);
if (isJson)
  console.log(
    JSON.stringify(
      { ratios, pipeline, sessions, memory, peakMb, regionTests, store, absent },
      null,
      2,
    ),
  );

function add(ratio: Ratio, what = ""): void {
  ratios.push(ratio);
  const { model, method, tap, batch, ratio: times, forwardMs } = ratio;
  say(
    `${(what + method).padEnd(22)} ${model.padEnd(18)} ${tap.padEnd(6)} batch ${String(batch).padStart(2)}  ` +
      `${times.toFixed(2)} × forward (${forwardMs.toFixed(1)} ms, ${ratio.repeats} repeats)`,
  );
}
