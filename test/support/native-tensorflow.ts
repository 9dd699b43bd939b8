import { existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { addonName } from "../../src-main/engine/tensorflow/addon-file.ts";
import { buildAddon } from "../../src-main/engine/tensorflow/build-addon.ts";
import { findTensorFlow } from "../../src-main/engine/tensorflow/find-tensorflow.ts";

/** A TensorFlow to test the native part against, or null: such tests are skipped by name then. */
export const tensorFlowPlace = process.platform === "win32" ? null : findTensorFlow();

/** The folder of a native part built against it: built once per machine, kept between runs, outside the checkout. */
export async function nativeFolder(): Promise<string> {
  if (!tensorFlowPlace) throw new Error("there is no TensorFlow on this machine");
  const { path } = tensorFlowPlace;
  const folder = join(tmpdir(), `hansight-native-${basename(path)}-${statSync(path).size}`);
  if (!existsSync(join(folder, addonName))) await buildAddon(tensorFlowPlace, folder);
  return folder;
}
