import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { AppError, explainError, fail } from "../../../shared/errors/app-error.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { addonFolder } from "./addon-file.ts";
import { buildAddon } from "./build-addon.ts";
import { findTensorFlow, placeAt } from "./find-tensorflow.ts";
import { tensorflow } from "./runtime.ts";

/**
 * `npm run setup:tensorflow [-- --tensorflow PATH]`: builds TensorFlow's native part and proves that it runs. Against a
 * named TensorFlow (a wheel or an installed folder), else one found on this computer, else upstream's own library, which
 * its package downloads.
 */
async function setup(): Promise<void> {
  const { values } = parseArgs({ options: { tensorflow: { type: "string" } } });
  const named = values.tensorflow;
  const place = named === undefined ? findTensorFlow() : placeAt(named);
  if (named !== undefined && !place)
    fail("tensorflow/addon", { why: `"${named}" is neither a wheel nor a TensorFlow folder` });
  if (place) {
    say(message("tensorflow.setup.against", { path: place.path }));
    say(message("tensorflow.setup.built", { path: await buildAddon(place, addonFolder()) }));
  } else {
    say(message("tensorflow.setup.upstream"));
    installUpstream();
  }
  const { device, isNative, addonProblem } = await tensorflow();
  if (!isNative) fail("tensorflow/addon", { why: addonProblem ?? "nothing was built" });
  say(message("tensorflow.setup.runs", { device }));
}

/** The package's own installer, which needs the network. */
function installUpstream(): void {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const tools = join(folder, "..", "..", ".bin");
  const kind = process.platform === "darwin" ? "cpu" : "gpu";
  try {
    execFileSync(process.execPath, [join("scripts", "install.js"), kind, "download"], {
      cwd: folder,
      stdio: "inherit",
      env: { ...process.env, PATH: `${tools}${delimiter}${process.env["PATH"] ?? ""}` },
    });
  } catch (cause) {
    fail("tensorflow/addon", { why: "upstream's library could not be fetched" }, { cause });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await setup();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  const { what, safe, hint } = explainError(error);
  process.stderr.write(`${[what, safe, hint].join("\n")}\n`);
  process.exitCode = 1;
}
