import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { AppError, explainError } from "../../../shared/errors/app-error.ts";
import { parseGraph } from "../onnx/text.ts";
import { writeGraph } from "../onnx/wire.ts";
import { openModel } from "./open-model.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-models-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A model file of this graph. */
function write(text: string, name = "model.onnx"): string {
  const path = join(folder, name);
  writeFileSync(path, writeGraph(parseGraph(text)));
  return path;
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${explainError(error).what}`;
    throw error;
  }
  return "nothing was refused";
}

describe.skipIf(!fixturesFolder)("files that are no classifier", () => {
  it.each([
    ["hostile/models/empty.onnx", "model/unreadable", "the file is empty"],
    ["hostile/models/html_page.onnx", "model/unreadable", "web page"],
    ["hostile/models/lfs_pointer.onnx", "model/unreadable", "Git LFS pointer"],
    [
      "hostile/models/missing_external_data.onnx",
      "model/unreadable",
      '"resnet32_cifar10.onnx.gone"',
    ],
    ["hostile/models/random_bytes.onnx", "model/unreadable", "no ONNX model"],
    ["hostile/models/truncated.onnx", "model/unreadable", "ends early"],
    ["models/edge/custom_op_domain.onnx", "model/unknown-operator", "test.customop:CustomOpOne"],
    [
      "models/edge/super_resolution_op18.onnx",
      "model/unknown-operator",
      "com.microsoft.extensions:DecodeImage",
    ],
    ["models/edge/lr_mnist_scikit.onnx", "model/no-image-input", "float_input"],
    ["models/edge/ultraface_detector.onnx", "model/not-a-classifier", "boxes"],
    ["models/edge/absent.onnx", "model/not-found", "absent.onnx"],
    ["models/edge", "model/unreadable", "it is a folder"],
  ])("%s: %s, %s", async (file, code, words) => {
    const said = await refusal(openModel(fixture(file)));
    expect(said).toContain(`${code}: `);
    expect(said).toContain(words);
  });
});

describe.skipIf(!fixturesFolder)("weights beside the model", () => {
  it("are read from the model's own folder only, links resolved", async () => {
    const source = fixture("models/cifar10/resnet32_external/resnet32_cifar10.onnx");
    const path = join(folder, "linked.onnx");
    cpSync(source, path);
    const data = join(folder, "resnet32_cifar10.onnx.data");
    symlinkSync(`${source}.data`, data);
    expect(await refusal(openModel(path))).toContain("outside its folder");
    rmSync(data);
    writeFileSync(data, readFileSync(`${source}.data`).subarray(0, 1000));
    expect(await refusal(openModel(path))).toContain("needs more weights than");
    rmSync(data);
    cpSync(`${source}.data`, data);
    await (await openModel(path)).close();
  });
});

const stem = `
  x: f32[N, 3, 8, 8]
  const w: f32[8, 3, 3, 3]
  const v: f32[8, 5]
  c = Conv(x, w) { strides: [2, 2], pads: [1, 1, 1, 1] }
  r = Relu(c)
`;
const images = {
  dims: [1, 3, 8, 8],
  data: Float32Array.from({ length: 192 }, (_, i) => Math.sin(i)),
};

describe("models", () => {
  it.each([
    [
      "older than opset 7",
      "opset 6\nx: f32[N, 3, 8, 8]\ny = Flatten(x)\nreturn y",
      "model/unreadable",
    ],
    [
      "with a second input",
      "x: f32[N, 3, 8, 8], z: f32[N, 3, 8, 8]\na = Add(x, z)\ny = Flatten(a)\nreturn y",
      "model/other-inputs",
    ],
    [
      "with a picture for an output",
      "x: f32[N, 3, 8, 8]\ny = Relu(x)\nreturn y",
      "model/not-a-classifier",
    ],
    [
      "exported for training",
      `${stem}
       const s: f32[8]
       b, m, u = BatchNormalization(r, s, s, s, s) { training_mode: 1 }
       p = GlobalAveragePool(b)
       y = Flatten(p)
       return y`,
      "model/training-mode",
    ],
    [
      "that ask for more memory than there is",
      "x: f32[N, 3, 8, 8]\nb = ConstantOfShape(i64[300000, 300000])\nm = ReduceMax(b)\na = Add(x, m)\ny = Flatten(a)\nreturn y",
      "model/unreadable",
    ],
    [
      "for pictures of no sane size",
      "x: f32[1, 3, 400000, 400000]\np = GlobalAveragePool(x)\ny = Flatten(p)\nreturn y",
      "model/unreadable",
    ],
    [
      "whose nodes read themselves",
      "x: f32[N, 3, 8, 8]\na = Add(x, b)\nb = Neg(a)\ny = Flatten(b)\nreturn y",
      "model/unreadable",
    ],
    [
      "with an operator that ONNX has not",
      `${stem} z = Wobble(r)\ny = Flatten(z)\nreturn y`,
      "model/unknown-operator",
    ],
  ])("%s are refused", async (_, text, code) => {
    expect(await refusal(openModel(write(text)))).toContain(`${code}: `);
  });

  it("without a map still predict, and name the reason for each method", async () => {
    const model = await openModel(
      write("x: f32[N, 3, 8, 8]\nconst w: f32[192, 5]\nf = Flatten(x)\ny = MatMul(f, w)\nreturn y"),
    );
    expect((await model.predict(images)).dims).toEqual([1, 5]);
    const codes = model.description.methods.map(({ refusal }) => refusal?.code);
    expect(new Set(codes)).toEqual(new Set(["tap/none"]));
    expect(await refusal(model.open(null))).toContain("tap/none: ");
    await model.close();
  });

  it("say which size and channels they take", async () => {
    const model = await openModel(
      write(`${stem} p = GlobalAveragePool(r)\nf = Flatten(p)\ny = MatMul(f, v)\nreturn y`),
    );
    const small = { dims: [1, 3, 8, 4], data: new Float32Array(96) };
    expect(await refusal(model.predict(small))).toContain("takes images of 3 × 8 × 8");
    expect(await refusal(model.open("no such tensor"))).toContain("tap/unknown: ");
    expect(await refusal(model.open("w"))).toContain("tap/unknown: ");
    await model.close();
  });
});

describe("gradients", () => {
  const refusalAt = async (text: string, tap: string | null) => {
    const model = await openModel(write(text));
    try {
      const session = await model.open(tap);
      const said = await refusal(session.gradient(images, "predicted"));
      // A missing gradient leaves the methods without one.
      const passed = await session.forward(images);
      const tail = await session.tail(passed, passed.activations, Int32Array.of(0));
      expect(tail.data).toEqual(passed.logits.data);
      await session.close();
      return said;
    } finally {
      await model.close();
    }
  };

  it.each([
    [
      "gradient/no-rule",
      "an operator without a rule",
      `a = Slice(x, i64[0], i64[2], i64[1])\ng = Transpose(a) { perm: [0, 2, 3, 1] }\nz = GridSample(r, g)\np = GlobalAveragePool(z)\nf = Flatten(p)\ny = MatMul(f, v)`,
    ],
    [
      "gradient/control-flow",
      "a recurrent layer",
      `const a: f32[1, 20, 16]
       const b: f32[1, 20, 5]
       q = Reshape(r, i64[0, 8, 16])
       t = Transpose(q) { perm: [1, 0, 2] }
       o, h, e = LSTM(t, a, b) { hidden_size: 5 }
       y = Squeeze(h, i64[0])`,
    ],
    [
      "gradient/no-path",
      "a step of zero slope on the only way",
      `q = Round(r)\np = GlobalAveragePool(q)\nf = Flatten(p)\ny = MatMul(f, v)`,
    ],
  ])("%s: %s", async (code, _, body) => {
    expect(await refusalAt(`${stem}${body}\nreturn y`, "r")).toContain(`${code}: `);
  });

  it("tap/no-path: patch tokens behind the last attention of a class token", async () => {
    if (!fixturesFolder) return;
    const model = await openModel(fixture("models/mini-cifar10/mini_vit_cifar10.onnx"));
    const session = await model.open("layer_norm_11");
    const picture = {
      dims: [1, 3, 32, 32],
      data: new Float32Array(3072).map((_, i) => Math.sin(i)),
    };
    expect(await refusal(session.gradient(picture, "predicted"))).toContain("tap/no-path: ");
    await Promise.all([session.close(), model.close()]);
  });

  it("tap/no-path: a tensor beside the way to the score", async () => {
    const text = `${stem} p = GlobalAveragePool(r)\nf = Flatten(p)\nside = Sigmoid(r)\nn = Shape(side)\nm = Gather(n, i64[1])\nk = Cast(m) { to: 1 }\nz = Mul(f, k)\ny = MatMul(z, v)\nreturn y`;
    const model = await openModel(write(text));
    expect(await refusal(model.open("side"))).toMatch(/tap\/(no-path|unknown): /);
    await model.close();
  });
});
