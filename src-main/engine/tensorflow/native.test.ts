import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";
import { nativeFolder, tensorFlowPlace } from "../../../test/support/native-tensorflow.ts";
import { pairedNetwork, pairedSide } from "../../../test/support/paired-network.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { explainBatch } from "../cam/explain.ts";
import { methodById } from "../cam/registry.ts";
import { openModel } from "../session/open-model.ts";
import { unpackWheel } from "./wheel.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../../test/support/print-maps.ts");
const methods: MethodId[] = ["cam", "grad-cam", "hirescam", "layercam", "score-cam", "recipro-cam"];

const printed = z.object({
  device: z.string(),
  tensors: z.number(),
  layers: z.array(
    z.object({
      name: z.string(),
      methods: z.array(z.string()),
      items: z.array(z.object({ logits: z.array(z.number()), maps: z.array(z.array(z.number())) })),
    }),
  ),
});
type Printed = z.infer<typeof printed>;

async function printMaps(model: string, addon: string): Promise<Printed> {
  const { stdout } = await run(process.execPath, [script, model, ...methods], {
    env: { ...process.env, HANSIGHT_TENSORFLOW_ADDON: addon },
    maxBuffer: 2 ** 28,
  });
  return printed.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}

function expectSame(a: readonly number[], b: readonly number[], what: string): void {
  expect(a.length, what).toBe(b.length);
  const largest = Math.max(...b.map(Math.abs));
  const worst = Math.max(...b.map((value, i) => Math.abs(value - (a[i] ?? NaN))));
  expect(worst, what).toBeLessThanOrEqual(1e-3 * largest);
}

/** The same noise as `print-maps.ts` makes, channels first. */
function noise() {
  const side = pairedSide;
  const random = createRandom(7);
  const last = Float32Array.from({ length: 2 * side * side * 3 }, () => 2 * random() - 0.5);
  const data = new Float32Array(last.length);
  for (let n = 0; n < 2; n++)
    for (let at = 0; at < side * side; at++)
      for (let c = 0; c < 3; c++)
        data[(n * 3 + c) * side * side + at] = last[(n * side * side + at) * 3 + c] ?? 0;
  return { dims: [2, 3, side, side], data };
}

const why = tensorFlowPlace ? "" : " (skipped: no TensorFlow on this machine)";

it.skipIf(!tensorFlowPlace)(
  `native, wasm and ONNX give the same maps${why}`,
  async () => {
    const addon = await nativeFolder();
    const { onnx, tfjs } = pairedNetwork("flattened");
    const folder = await temporaryFolder({ "model.onnx": onnx, ...tfjs });
    const path = join(folder, "model.json");
    const [native, wasm] = [await printMaps(path, addon), await printMaps(path, "none")];
    expect(native.device).toMatch(/^tensorflow · native (CPU|CUDA)$/);
    expect(wasm.device).toBe("tensorflow · wasm");
    const model = await openModel(join(folder, "model.onnx"));
    for (const [l, layer] of native.layers.entries()) {
      const session = await model.open(layer.name);
      const theirs = await explainBatch({
        session,
        methods: layer.methods.map((id) => methodById(id as MethodId)), // printed from that type
        images: noise(),
        layout: "NCHW",
        target: { kind: "predicted" },
        labels: [null, null],
        randomSeeds: [1, 2],
        inputSpread: 0.5,
      });
      layer.items.forEach(({ logits, maps }, i) => {
        const other = wasm.layers[l]?.items[i];
        expectSame(logits, other?.logits ?? [], "logits, wasm");
        expectSame(logits, [...(theirs[i]?.logits ?? [])], "logits, ONNX");
        maps.forEach((map, m) => {
          const what = `${layer.methods[m]} at ${layer.name}`;
          expectSame(map, other?.maps[m] ?? [], `${what}, wasm`);
          expectSame(map, [...(theirs[i]?.maps[m]?.map ?? [])], `${what}, ONNX`);
        });
      });
      await session.close();
    }
  },
  180_000,
);

it("unpacks what it is asked for from an archive and nothing else", async () => {
  // One stored and one deflated file, and one that would lie outside, as Python's zipfile writes them.
  const archive = Buffer.from(
    "UEsDBBQAAAAAAAAAIVyFEUoNCwAAAAsAAAAFAAAAYS50eHRoZWxsbyB3b3JsZFBLAwQUAAAACAAAACFcJYpbyQYAAAAoAAAABwAAAGIvYi50eHRLTCQOAABQSwMEFAAAAAAAAAAhXB8oqmcCAAAAAgAAAAoAAAAuLi9vdXQudHh0bm9QSwECFAMUAAAAAAAAACFchRFKDQsAAAALAAAABQAAAAAAAAAAAAAAgAEAAAAAYS50eHRQSwECFAMUAAAACAAAACFcJYpbyQYAAAAoAAAABwAAAAAAAAAAAAAAgAEuAAAAYi9iLnR4dFBLAQIUAxQAAAAAAAAAIVwfKKpnAgAAAAIAAAAKAAAAAAAAAAAAAACAAVkAAAAuLi9vdXQudHh0UEsFBgAAAAADAAMAoAAAAIMAAAAAAA==",
    "base64",
  );
  const folder = await temporaryFolder();
  await writeFile(join(folder, "x.whl"), archive);
  const out = join(folder, "out");
  await unpackWheel(join(folder, "x.whl"), out, (name) => name !== "a.txt");
  expect(await readdir(folder, { recursive: true })).toEqual(
    expect.arrayContaining([join("out", "b", "b.txt")]),
  );
  expect(await readdir(folder)).toHaveLength(2);
  expect(await readFile(join(out, "b", "b.txt"), "utf8")).toBe("a".repeat(40));
  await unpackWheel(join(folder, "x.whl"), out, (name) => name === "a.txt");
  expect(await readFile(join(out, "a.txt"), "utf8")).toBe("hello world");
});
