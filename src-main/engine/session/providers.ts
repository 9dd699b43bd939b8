import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { listSupportedBackends } from "onnxruntime-node";
import type { RuntimeProvider } from "../../../shared/domain/device.ts";

/** onnxruntime's own names of them. */
export const runtimeNames = {
  cpu: "cpu",
  webgpu: "webgpu",
  cuda: "cuda",
  directml: "dml",
  coreml: "coreml",
} as const satisfies Record<RuntimeProvider, string>;

/** Best first: a device's own library before the one that speaks to any. */
const order = [
  "cuda",
  "directml",
  "coreml",
  "webgpu",
] as const satisfies readonly RuntimeProvider[];

/** Devices that this computer's runtime could drive, best first; the processor is not among them. */
export function candidateProviders(): readonly RuntimeProvider[] {
  const offered = listSupportedBackends();
  return order.filter((provider) => {
    const found = offered.find(({ name }) => name === runtimeNames[provider]);
    if (!found) return false;
    return (found.bundled || hasLibrary(runtimeNames[provider])) && hasAdapter(provider);
  });
}

/** Whether the runtime was built with it at all. */
export function isOffered(provider: RuntimeProvider): boolean {
  return listSupportedBackends().some(({ name }) => name === runtimeNames[provider]);
}

/** Provider libraries that are not bundled lie beside the runtime once they have been fetched. */
function hasLibrary(name: string): boolean {
  const main = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const bin = join(main, "bin");
  if (!existsSync(bin)) return false;
  return readdirSync(bin, { recursive: true, encoding: "utf8" }).some((file) =>
    file.includes(`onnxruntime_providers_${name}`),
  );
}

/**
 * On Linux WebGPU speaks Vulkan, which writes to the terminal where it finds nothing: it is asked only where a card's node is
 * there, or a driver is named.
 */
function hasAdapter(provider: RuntimeProvider): boolean {
  if (provider !== "webgpu" || process.platform !== "linux") return true;
  if (process.env["VK_ICD_FILENAMES"] || process.env["VK_DRIVER_FILES"]) return true;
  const nodes = existsSync("/dev/dri") ? readdirSync("/dev/dri") : [];
  return nodes.some((name) => name.startsWith("render")) || existsSync("/dev/nvidia0");
}
