import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExportedGraph } from "../shared/domain/exported-graph.ts";
import { presets, type Preparation } from "../shared/domain/preparation.ts";
import { decodeImage } from "../src-main/engine/images/decode.ts";
import { readNpy } from "../src-main/engine/images/npy.ts";
import { prepare } from "../src-main/engine/images/prepare.ts";
import { demoFolder } from "./support/test-app.ts";

const main = join(import.meta.dirname, "../src-main/cli/main.ts");
const source = join(demoFolder, "chest-resnet.onnx");
let folder: string;
let model: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hansight-export-graph-"));
  model = join(folder, "chest.onnx");
  copyFileSync(source, model);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hansight(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, HANSIGHT_HOME: join(folder, "home") },
  });
}

const preparation: Preparation = {
  preset: "grey-imagenet",
  ...presets["grey-imagenet"],
  geometry: { kind: "stretch" },
  resample: "area",
  widthPx: 160,
  heightPx: 160,
  layout: "NCHW",
};

/** The prepared pictures as one batch `[N,1,160,160]`. */
async function batchOf(paths: readonly string[]): Promise<Tensor> {
  const size = 160 * 160;
  const data = new Float32Array(paths.length * size);
  for (const [i, path] of paths.entries())
    data.set(prepare(await decodeImage(path), preparation).input, i * size);
  return new Tensor("float32", data, [paths.length, 1, 160, 160]);
}

describe("hansight export-graph", () => {
  it.each(["grad-cam", "recipro-cam"])(
    "writes a file that plain onnxruntime runs to the maps of hansight explain: %s",
    async (method) => {
      const images = ["normal", "nodule"].map((name) => {
        const own = join(demoFolder, "images", name);
        return join(own, readdirSync(own).toSorted()[0]);
      });
      const run = hansight(
        ...["export-graph", model, "--method", method, "-o", `${method}.onnx`, "--json"],
      );
      expect(run.stderr).toBe("");
      expect(run.status).toBe(0);
      const exported = JSON.parse(run.stdout) as ExportedGraph; // checked field by field
      expect(exported).toMatchObject({
        file: `${method}.onnx`,
        method,
        opset: 18,
        input: { name: "image", elementType: "f32", dims: ["N", 1, 160, 160] },
        outputs: [
          { name: "logits", dims: ["N", 4] },
          { name: "map", dims: ["N", 10, 10] },
        ],
      });
      expect(exported.difference).toBeLessThan(1e-5);

      const explained = hansight(
        ...["explain", ...images, "--model", model, "--method", method, "--out", method],
        ...["--preset", "grey-imagenet", "--resample", "area", "--json"],
      );
      expect(explained.status).toBe(0);
      const files = JSON.parse(explained.stdout) as { map: string }[]; // read below
      const session = await InferenceSession.create(join(folder, `${method}.onnx`));
      expect(session.outputNames).toEqual(["logits", "map"]);
      const { map } = await session.run({ image: await batchOf(images) });
      await session.release();
      expect(map.dims).toEqual([2, 10, 10]);
      files.forEach((file, i) => {
        const own = readNpy(readFileSync(join(folder, method, file.map)));
        const largest = Math.max(...own.data.map(Math.abs));
        own.data.forEach((value, p) =>
          expect(Math.abs(value - Number(map.data[i * 100 + p])) / largest).toBeLessThan(1e-5),
        );
      });
    },
    60_000,
  );

  it("replaces a file only by --force", () => {
    const out = join(folder, "taken.onnx");
    writeFileSync(out, "mine");
    const args = ["export-graph", model, "--method", "cam", "-o", "taken.onnx"];
    const refused = hansight(...args);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toBe(
      'Cannot write "taken.onnx": it exists.\nIt is as it was. Choose another name, or replace it with --force.\n',
    );
    expect(readFileSync(out, "utf8")).toBe("mine");
    const forced = hansight(...args, "--force");
    expect(forced.status).toBe(0);
    expect(forced.stdout).toContain("of the class that the model predicts");
    expect(readFileSync(out).length).toBeGreaterThan(1_000_000);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  }, 60_000);

  it("never writes the model, by whatever name it goes", () => {
    symlinkSync(model, join(folder, "linked.onnx"));
    linkSync(model, join(folder, "same.onnx"));
    for (const out of ["chest.onnx", "./home/../chest.onnx", "linked.onnx", "same.onnx"]) {
      const run = hansight("export-graph", model, "--method", "cam", "-o", out, "--force");
      expect(run.status).toBe(3);
      expect(run.stderr).toContain("it is the model itself");
    }
    expect(readFileSync(model).equals(readFileSync(source))).toBe(true);
  }, 60_000);

  it("refuses by name, and leaves nothing behind", () => {
    const refusals: [string[], number, RegExp][] = [
      [["--method", "grad-cam", "--tap", "no/such"], 3, /layer "no\/such": the model has no such/],
      [["--method", "eigen-cam"], 3, /Cannot export EigenCAM as a graph: its map is not a formula/],
      [["--method", "grad-kam"], 2, /grad-cam/],
      [[], 2, /--method/],
    ];
    for (const [flags, status, sentence] of refusals) {
      const run = hansight("export-graph", model, ...flags, "-o", "never.onnx");
      expect(run.stderr).toMatch(sentence);
      expect(run.status).toBe(status);
    }
    const method = ["--method", "cam"];
    const named = hansight("export-graph", model, ...method, "-o", "weights.bin");
    expect(named.stderr).toContain("does not end in .onnx");
    const missing = hansight("export-graph", model, ...method, "-o", "no/never.onnx");
    expect(missing.stderr).toMatch(/Cannot open ".*no": it is not there/);
    expect(existsSync(join(folder, "never.onnx"))).toBe(false);
    expect(existsSync(join(folder, "weights.bin"))).toBe(false);
  }, 60_000);

  it("teaches by example in --help", () => {
    const help = hansight("export-graph", "--help");
    expect(help.status).toBe(0);
    expect(help.stdout).toContain("Examples:");
  });
});
