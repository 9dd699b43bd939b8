/**
 * `npm run fuzz [-- GRAPHS [SEED]]`: compiled gradients of random graphs against finite differences, 500 graphs from a new seed
 * unless stated. The seed is printed; a failing graph names its own.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";

const [graphs = "500", seed = String(randomInt(2 ** 30))] = process.argv.slice(2);
console.log(`${graphs} graphs from seed ${seed}: npm run fuzz -- ${graphs} ${seed}`);
const run = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "src-main/engine/gradients/fuzz.test.ts"],
  {
    stdio: "inherit",
    env: { ...process.env, HANSIGHT_FUZZ_GRAPHS: graphs, HANSIGHT_FUZZ_SEED: seed },
  },
);
process.exitCode = run.status ?? 1;
