import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { fail } from "../../../shared/errors/app-error.ts";
import { addonName } from "./addon-file.ts";
import { librariesIn, type TensorFlowPlace } from "./find-tensorflow.ts";
import { unpackWheel } from "./wheel.ts";

const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** Of a wheel, what the add-on is compiled with and loads: two libraries and the headers of the C interface. */
function isNeeded(name: string): boolean {
  return (
    /^tensorflow\/libtensorflow(_cc|_framework)\.(so\.2|2\.dylib)$/.test(name) ||
    /^tensorflow\/include\/(tensorflow\/c|tsl|xla|tensorflow\/core\/platform)\//.test(name)
  );
}

/**
 * Compiles the native package's two source files against a TensorFlow and leaves the add-on in `folder`. Libraries are
 * linked where they are, never copied; those of a wheel are unpacked into `folder` once. Needs a C++ compiler. Refuses
 * with `tensorflow/addon`.
 */
export async function buildAddon(place: TensorFlowPlace, folder: string): Promise<string> {
  if (process.platform === "win32")
    fail("tensorflow/addon", { why: "on Windows only upstream's own library can be used" });
  mkdirSync(folder, { recursive: true });
  const source = packageFolder();
  const { libraries, headers } = await located(place, folder);
  const names = librariesIn(libraries) ?? [];
  const target = join(folder, addonName);
  const fresh = `${target}.${process.pid}`;
  const isMac = process.platform === "darwin";
  const { include_dir: nodeHeaders } = require("node-api-headers") as { include_dir: string }; // its own export
  const flags = [
    "-shared",
    "-fPIC",
    "-std=c++17",
    "-O2",
    "-w",
    "-DNODE_GYP_MODULE_NAME=tfjs_binding",
    "-DNAPI_VERSION=8",
    `-I${nodeHeaders}`,
    `-I${headers}`,
    `-I${source}`,
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(source, "binding", file)),
    ...names.map((name) => join(libraries, name)),
    `-Wl,-rpath,${libraries}`,
    ...(isMac ? ["-undefined", "dynamic_lookup"] : []),
    "-o",
    fresh,
  ];
  try {
    await run(process.env["CXX"] ?? (isMac ? "clang++" : "g++"), flags);
    renameSync(fresh, target);
  } catch (cause) {
    rmSync(fresh, { force: true });
    const why = cause instanceof Error ? (cause.message.split("\n")[1] ?? cause.message) : "";
    fail("tensorflow/addon", { why: `the compiler says "${why.slice(0, 300)}"` }, { cause });
  }
  return target;
}

async function located(
  place: TensorFlowPlace,
  folder: string,
): Promise<{ readonly libraries: string; readonly headers: string }> {
  if (place.kind === "wheel") {
    const unpacked = join(folder, `${basename(place.path, ".whl")}-${statSync(place.path).size}`);
    const done = join(unpacked, "tensorflow");
    if (!existsSync(done)) {
      const partial = `${unpacked}.${process.pid}`;
      try {
        await unpackWheel(place.path, partial, isNeeded);
        renameSync(partial, unpacked);
      } catch (cause) {
        rmSync(partial, { recursive: true, force: true });
        fail("tensorflow/addon", { why: `"${place.path}" cannot be unpacked` }, { cause });
      }
    }
    return withHeaders(done);
  }
  return withHeaders(place.path);
}

function withHeaders(libraries: string): { readonly libraries: string; readonly headers: string } {
  const headers = [join(libraries, "include"), join(dirname(libraries), "include")].find((one) =>
    existsSync(join(one, "tensorflow", "c", "c_api.h")),
  );
  if (!headers || !librariesIn(libraries))
    return fail("tensorflow/addon", {
      why: `"${libraries}" lacks TensorFlow's libraries or headers`,
    });
  return { libraries, headers };
}

function packageFolder(): string {
  try {
    return dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  } catch (cause) {
    return fail("tensorflow/addon", { why: "its package is not installed" }, { cause });
  }
}
