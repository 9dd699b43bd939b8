import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandId, ReaderId } from "../shared/domain/ids.ts";
import type { MethodId } from "../shared/domain/method-id.ts";
import { explainError, type ErrorJson } from "../shared/errors/app-error.ts";
import { readNpy } from "../src-main/engine/images/npy.ts";
import { openAudit } from "../src-main/store/open-audit.ts";
import { demoFolder, smallDemo } from "./support/test-app.ts";

const main = join(import.meta.dirname, "../src-main/cli/main.ts");
let folder: string;
let images: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hansight-cli-"));
  images = smallDemo(folder, 4);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({ ...process.env, HANSIGHT_HOME: join(folder, "home") });
function hansight(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    cwd: folder,
    env: environment(),
  });
}
const model = join(demoFolder, "chest-resnet.onnx");
const known = [
  "--classes",
  join(demoFolder, "classes.txt"),
  "--preset",
  "grey-imagenet",
  "--resample",
  "area",
];

describe("the command line", () => {
  it("audits in one line, and ends with one JSON object", () => {
    const run = hansight(
      "audit",
      images,
      "--model",
      model,
      "--out",
      "small.hansight",
      ...known,
      "--json",
    );
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
    const result = JSON.parse(run.stdout) as Record<string, unknown>; // checked field by field below
    expect(Object.keys(result)).toEqual([
      "audit",
      "report",
      "csv",
      "seconds",
      "accuracy",
      "run",
      "fit",
      "quadrants",
      "sheet",
      "suspects",
    ]);
    expect(existsSync(String(result["audit"]))).toBe(true);
    expect(existsSync(String(result["report"]))).toBe(true);
    for (const path of Object.values(result["csv"] as Record<string, string>))
      expect(existsSync(path)).toBe(true);
    expect(result["accuracy"]).toBeGreaterThan(0.5);
  }, 120_000);

  it("finds the audit unchanged, and names one changed byte", () => {
    expect(hansight("verify", "small.hansight").status).toBe(0);
    const csv = join(folder, "small.hansight/exports/draft/items.csv");
    const text = readFileSync(csv, "utf8");
    writeFileSync(csv, text.replace("normal", "normaI"));
    const broken = hansight("verify", "small.hansight");
    expect(broken.status).toBe(3);
    expect(broken.stdout).toContain("items.csv differs from what was built");
    // An edited manifest agrees with the edited file, and not with the record.
    const manifest = join(folder, "small.hansight/exports/draft/manifest.json");
    const listed = readFileSync(manifest, "utf8");
    const hash = (content: string) => createHash("sha256").update(content).digest("hex");
    writeFileSync(manifest, listed.replace(hash(text), hash(readFileSync(csv, "utf8"))));
    expect(hansight("verify", "small.hansight").stdout).toContain(
      "items.csv differs from what was built",
    );
    writeFileSync(csv, text);
    expect(hansight("verify", "small.hansight").stdout).toContain("another hash of items.csv");
    writeFileSync(manifest, "{");
    expect(hansight("verify", "small.hansight").stdout).toContain("cannot be read");
    writeFileSync(manifest, listed);
    renameSync(join(folder, "small.hansight/exports"), join(folder, "taken"));
    expect(hansight("verify", "small.hansight").stdout).toContain("items.csv is not there");
    renameSync(join(folder, "taken"), join(folder, "small.hansight/exports"));
    expect(hansight("verify", "small.hansight").status).toBe(0);
  }, 60_000);

  it("offers the run that exists, instead of making it again", () => {
    const run = hansight("run", "small.hansight");
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("The same run exists");
  }, 60_000);

  it("refuses unknown flags and unknown commands as usage", () => {
    expect(hansight("audit", images, "--model", model, "--out", "x", "--fast").status).toBe(2);
    expect(hansight("frobnicate").status).toBe(2);
    expect(hansight("audit", images).status).toBe(2);
    expect(
      hansight("audit", images, "--model", model, "--out", "x", "--method", "grad-kam").status,
    ).toBe(2);
  });

  it("teaches by example in --help", () => {
    for (const command of [
      "audit",
      "run",
      "report",
      "export",
      "verify",
      "inspect",
      "explain",
      "serve",
      "start",
    ]) {
      const help = hansight(command, "--help");
      expect(help.status).toBe(0);
      expect(help.stdout).toContain("Examples:");
    }
  });

  it("names every method that a model cannot support, why, and what would help", () => {
    const { stdout, status } = hansight("inspect", model);
    expect(status).toBe(0);
    const [, listed = "", refused = ""] = stdout.split(/^Methods .*$|^Not with this model.*$/m);
    const { methods } = JSON.parse(hansight("inspect", model, "--json").stdout) as {
      methods: { method: MethodId; supported: boolean; refusal?: ErrorJson }[];
    };
    for (const { method, supported, refusal } of methods) {
      const row = new RegExp(`  ${method.replaceAll("+", "\\+")}  `);
      expect(listed).toMatch(supported ? row : /./);
      if (!refusal) continue;
      const [line, next] = refused
        .split("\n")
        .slice(refused.split("\n").findIndex((one) => row.test(one)));
      expect(line).toContain(explainError(refusal).what);
      expect(next?.trim()).toBe(`→ ${explainError(refusal).hint}.`);
    }
    expect(methods.some(({ supported }) => !supported)).toBe(true);
  });

  it("says what happened, what is safe and what to do when the input is refused", () => {
    const missing = hansight("audit", images, "--model", "no-such.onnx", "--out", "x.hansight");
    expect(missing.status).toBe(3);
    expect(missing.stderr).toMatch(/^Cannot open .*no-such\.onnx.*\.\nNothing was .*\. .*\.\n$/);
    expect(existsSync(join(folder, "x.hansight"))).toBe(false);
    const json = hansight("inspect", "no-such.onnx", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { what: expect.stringContaining("Cannot open") as string },
    });
  });

  it("refuses classes that do not fit the model's outputs", () => {
    const classes = join(folder, "three.txt");
    writeFileSync(classes, "a\nb\nc\n");
    const run = hansight(
      "audit",
      images,
      "--model",
      model,
      "--classes",
      classes,
      "--out",
      "y.hansight",
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(/names 3, .* 4 outputs/);
  }, 60_000);

  it("names the right order of the classes when the sorted one is wrong", () => {
    const model = join(folder, "alone.onnx"); // with no classes.txt beside it
    cpSync(join(demoFolder, "chest-resnet.onnx"), model);
    const run = hansight(
      "audit",
      smallDemo(join(folder, "order"), 12),
      "--model",
      model,
      "--out",
      "order.hansight",
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(/^Cannot trust the class order of .*0 = normal.* gives \d+/);
  }, 60_000);

  it("names the right preset when the wrong one is chosen", () => {
    const run = hansight(
      "audit",
      images,
      "--model",
      model,
      "--classes",
      join(demoFolder, "classes.txt"),
      "--preset",
      "grey-raw",
      "--out",
      "wrong.hansight",
    );
    expect(run.stdout).toMatch(/Preparation is probably wrong: grey-\w+ gives \d+ %/);
  }, 120_000);

  it("ends with 4 when an image failed, and keeps the others", () => {
    const faulty = join(folder, "faulty");
    cpSync(images, faulty, { recursive: true });
    writeFileSync(
      join(faulty, "normal", "cut.jpg"),
      readFileSync(join(images, "normal", firstOf("normal"))).subarray(0, 900),
    );
    const run = hansight("audit", faulty, "--model", model, "--out", "faulty.hansight", ...known);
    expect(run.status).toBe(4);
    expect(run.stdout).toContain("1 image could not be mapped");
  }, 120_000);

  it("ends with 5 when the place to write is none", () => {
    writeFileSync(join(folder, "a-file"), "");
    const run = hansight("audit", images, "--model", model, "--out", "a-file/z.hansight", ...known);
    expect(run.status).toBe(5);
  }, 60_000);

  it("refuses a layer that is none before it writes anything", () => {
    const args = ["--model", model, "--tap", "nonsense", "--out", "nonsense.hansight", ...known];
    const run = hansight("audit", images, ...args);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('Cannot use layer "nonsense"');
    expect(existsSync(join(folder, "nonsense.hansight"))).toBe(false);
  }, 60_000);

  it("explains several classes of an image, each with files of its own, and says where it cannot write", () => {
    const image = join(images, "nodule", firstOf("nodule"));
    const shared = ["--model", model, "--target", "0,2", "--method", "hirescam", ...known];
    const run = hansight("explain", image, ...shared, "--out", "classes", "--json");
    const explained = JSON.parse(run.stdout) as { target: string; map: string }[]; // checked below
    expect(explained.map(({ target }) => target)).toHaveLength(2);
    const [first, second] = explained.map(
      ({ map }) => readNpy(readFileSync(join(folder, "classes", map))).data,
    );
    expect(first).not.toEqual(second);
    writeFileSync(join(folder, "in-the-way"), "");
    const blocked = hansight("explain", image, ...shared, "--out", "in-the-way/maps");
    expect(blocked.status).toBe(5);
    expect(blocked.stderr).toContain("Cannot write");
  }, 60_000);

  it("stops on Ctrl-C, says how to go on, and goes on", async () => {
    const many = smallDemo(join(folder, "many"), 60);
    const child = spawn(
      process.execPath,
      [main, "audit", many, "--model", model, "--out", "stopped.hansight", ...known],
      {
        cwd: folder,
        env: environment(),
      },
    );
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const isFirst = !out.includes("Mapping with");
      out += chunk.toString();
      if (isFirst && out.includes("Mapping with")) setTimeout(() => child.kill("SIGINT"), 500);
    });
    const status = await new Promise((resolve) => child.once("exit", resolve));
    expect(status).toBe(130);
    expect(out).toContain("Go on with: hansight run stopped.hansight");
    const again = hansight("run", "stopped.hansight", "--json");
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ run: 1 });
  }, 180_000);

  it("explains one image: the raw signed map as .npy, an overlay as .png", () => {
    const image = join(images, "nodule", firstOf("nodule"));
    mkdirSync(join(folder, "maps"), { recursive: true });
    const run = hansight(
      "explain",
      image,
      "--model",
      model,
      "--method",
      "grad-cam",
      "--out",
      "maps",
      ...known,
      "--json",
    );
    expect(run.stderr).toBe("");
    const [explained] = JSON.parse(run.stdout) as { map: string; overlay: string }[]; // checked by reading the files
    const map = readNpy(readFileSync(join(folder, "maps", explained.map)));
    expect(map.dims).toEqual([10, 10]);
    expect(Math.min(...map.data)).toBeLessThan(0);
    const png = readFileSync(join(folder, "maps", explained.overlay));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
  }, 60_000);

  it("never writes over a picture that it explains, nor over its own maps of one named alike", () => {
    const [one, two] = ["one", "two"].map((name) => join(folder, name));
    for (const path of [one, two]) {
      mkdirSync(path);
      cpSync(join(images, "nodule", firstOf("nodule")), join(path, "x.png"));
    }
    const before = readFileSync(join(one, "x.png"));
    const sources = [join(one, "x.png"), join(two, "x.png")];
    const run = hansight("explain", ...sources, "--model", model, "--out", one, ...known, "--json");
    expect(run.status).toBe(0);
    expect(readFileSync(join(one, "x.png"))).toEqual(before);
    for (const file of ["x.cam.npy", "x.cam.png", "x-2.cam.npy", "x-2.cam.png"]) {
      expect(existsSync(join(one, file))).toBe(true);
    }
  }, 60_000);

  it("refuses a class or a label that the model lacks", () => {
    const image = join(images, "nodule", firstOf("nodule"));
    const explain = (...more: string[]) =>
      hansight("explain", image, "--model", model, "--out", "maps", ...known, ...more);
    for (const more of [
      ["--target", "99"],
      ["--target", "label", "--label", "zebra"],
    ]) {
      const run = explain(...more);
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/^Cannot map /);
    }
    const unlabelled = explain("--target", "label");
    expect(unlabelled.status).toBe(4);
    expect(unlabelled.stderr).toContain("its label is not known");
  }, 60_000);

  it("takes an --out that ends in a slash, and none that is no folder's name", () => {
    const audit = (out: string) =>
      hansight("audit", images, "--model", model, "--out", out, ...known);
    expect(audit("slash.hansight/").status).toBe(0);
    expect(existsSync(join(folder, "slash.hansight/audit.sqlite"))).toBe(true);
    expect(audit("slash.hansight").stderr).toMatch(/^Cannot create audit .* exists already/);
    for (const out of ["a:b", ".hidden", "con"]) expect(audit(out).status).toBe(2);
  }, 60_000);

  it("keeps a demo that people judged in, and one that is open", () => {
    const demo = () =>
      spawnSync(process.execPath, [main, "demo", "--json"], {
        encoding: "utf8",
        cwd: folder,
        env: environment(),
      });
    cpSync(join(folder, "small.hansight"), join(folder, "demo.hansight"), { recursive: true });
    const store = openAudit(join(folder, "demo.hansight"));
    expect(demo()).toMatchObject({ status: 3 });
    const reader = { id: "r" as ReaderId, name: "Anna", initials: "A" };
    store.addReader(reader);
    store.apply({
      kind: "verdict.set",
      id: "c" as CommandId,
      readerId: reader.id,
      items: [0],
      run: null,
      verdict: "sound",
      reasons: [],
      view: null,
    });
    store.closeNow();
    const second = demo();
    expect(second.status).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ audit: join(folder, "demo-2.hansight") });
    expect(existsSync(join(folder, "demo.hansight/audit.sqlite"))).toBe(true);
  }, 120_000);
});

/** Name of the first image of a class. */
function firstOf(name: string): string {
  return readdirSync(join(images, name)).toSorted()[0];
}
