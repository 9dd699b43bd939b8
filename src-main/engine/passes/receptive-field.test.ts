import { describe, expect, it } from "vitest";
import type { FieldAxis } from "../../../shared/domain/receptive-field.ts";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { analyse } from "../compile/analyse.ts";
import { readModelFile } from "../onnx/file.ts";
import { parseGraph } from "../onnx/text.ts";
import { evaluate } from "../session/runtime.ts";
import { receptiveFields, type MeetingPaths } from "./receptive-field.ts";
import { findShapes } from "./shapes.ts";

/** Lines of a network of two channels everywhere: geometry is all that counts. Returns the name of the last value. */
class Lines {
  readonly lines = [
    "x: f32[N, 2, 224, 224]",
    "const w1: f32[2, 2, 1, 1]",
    "const w3: f32[2, 2, 3, 3]",
    "const w7: f32[2, 2, 7, 7]",
  ];
  #made = 0;

  conv(from: string, kernel: 1 | 3 | 7, stride = 1): string {
    const pad = (kernel - 1) / 2;
    const sides = `pads: [${pad}, ${pad}, ${pad}, ${pad}], strides: [${stride}, ${stride}]`;
    return this.add(`Conv(${from}, w${kernel}) { ${sides} }`);
  }

  pool(from: string, kernel: number, pad: number): string {
    const sides = `pads: [${pad}, ${pad}, ${pad}, ${pad}], strides: [2, 2]`;
    return this.add(`MaxPool(${from}) { kernel_shape: [${kernel}, ${kernel}], ${sides} }`);
  }

  add(line: string): string {
    const name = `v${this.#made++}`;
    this.lines.push(`${name} = ${line}`);
    return name;
  }
}

/** ResNet: `kernels` of the branch, its stride at `strided`; the shortcut is a 1×1 convolution where the stride is 2. */
function resnet(blocks: readonly number[], kernels: readonly (1 | 3)[], strided: number) {
  const net = new Lines();
  let last = net.pool(net.conv("x", 7, 2), 3, 1);
  blocks.forEach((count, stage) => {
    for (let b = 0; b < count; b++) {
      const stride = b === 0 && stage > 0 ? 2 : 1;
      const shortcut = stride === 2 ? net.conv(last, 1, 2) : last;
      let branch = last;
      kernels.forEach((kernel, i) => {
        branch = net.add(`Relu(${net.conv(branch, kernel, i === strided ? stride : 1)})`);
      });
      last = net.add(`Relu(${net.add(`Add(${branch}, ${shortcut})`)})`);
    }
  });
  return { net, last };
}

function vgg16() {
  const net = new Lines();
  let last = "x";
  [2, 2, 3, 3, 3].forEach((count, stage) => {
    if (stage > 0) last = net.pool(last, 2, 0);
    for (let i = 0; i < count; i++) last = net.add(`Relu(${net.conv(last, 3)})`);
  });
  return { net, last };
}

/** MobileNetV2: an inverted residual per row of the paper's table, `[repeats, stride]`; expansion 1×1, depthwise 3×3, 1×1. */
function mobileNetV2() {
  const net = new Lines();
  let last = net.conv("x", 3, 2);
  const rows = [
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 2],
    [3, 1],
    [3, 2],
    [1, 1],
  ] as const;
  rows.forEach(([count, stride]) => {
    for (let b = 0; b < count; b++) {
      const branch = net.conv(net.conv(last, 3, b === 0 ? stride : 1), 1);
      last = b === 0 ? branch : net.add(`Add(${last}, ${branch})`);
    }
  });
  return { net, last: net.conv(last, 1) };
}

async function fieldOf(
  text: string,
  name: string,
  paths: MeetingPaths = "mean",
  dims = [2, 224, 224],
) {
  const graph = parseGraph(text);
  const input = { name: "x", type: "f32", dims, fixedBatch: null } as const;
  const shapes = await findShapes(graph, input, evaluate);
  return receptiveFields(graph, shapes, "x", paths)(name);
}

function networkField({ net, last }: { net: Lines; last: string }, paths: MeetingPaths) {
  return fieldOf([...net.lines, `return ${last}`].join("\n"), last, paths);
}

describe("receptive fields", () => {
  // extended-cam.md, section 2.2, 224 pixels, torchvision layouts
  const table = [
    ["ResNet-18", () => resnet([2, 2, 2, 2], [3, 3], 0), 32, 435, 0, 54.4, 38.5],
    ["ResNet-50", () => resnet([3, 4, 6, 3], [1, 3, 1], 1), 32, 427, 0, 51.1, 36.2],
    ["VGG-16", vgg16, 16, 196, 7.5, 26.5, 26.5],
    ["MobileNetV2", mobileNetV2, 32, 491, 0, 58.3, 47.3],
  ] as const;
  it.each(table)(
    "of %s are those of the table",
    async (_, network, jump, size, centre, wide, half) => {
      for (const [paths, sigma] of [
        ["widest", wide],
        ["mean", half],
      ] as const) {
        const field = await networkField(network(), paths);
        expect(field?.isDerived).toBe(true);
        for (const axis of [field?.down, field?.across]) {
          expect(axis).toMatchObject({
            inputPx: 224,
            jumpPx: jump,
            sizePx: size,
            centrePx: centre,
          });
          expect(axis?.sigmaPx).toBeCloseTo(sigma, 1);
        }
      }
    },
  );

  it("of one 3×3 convolution have jump 1, extent 3, centre 0 and variance 2/3", async () => {
    const text = `
      x: f32[N, 2, 224, 224]
      const w: f32[2, 2, 3, 3]
      y = Conv(x, w) { pads: [1, 1, 1, 1] }
      return y`;
    const field = await fieldOf(text, "y");
    expect(field?.down).toEqual<FieldAxis>({
      inputPx: 224,
      jumpPx: 1,
      sizePx: 3,
      centrePx: 0,
      sigmaPx: Math.sqrt(2 / 3),
    });
  });

  it("differ by axis with kernels, strides and pads that differ, and count the pad at the beginning alone", async () => {
    const text = `
      x: f32[N, 2, 224, 224]
      const w: f32[2, 2, 3, 5]
      y = Conv(x, w) { pads: [0, 2, 1, 2], strides: [2, 1], dilations: [1, 2] }
      return y`;
    const field = await fieldOf(text, "y");
    expect(field?.down).toMatchObject({ jumpPx: 2, sizePx: 3, centrePx: 1 });
    expect(field?.across).toMatchObject({ jumpPx: 1, sizePx: 9, centrePx: 2 });
  });

  it("of a Pad before a convolution are those of a convolution that pads", async () => {
    const stem = `
      x: f32[N, 2, 224, 224]
      const w: f32[2, 2, 3, 3]`;
    const padded = await fieldOf(
      `${stem}
       p = Pad(x, i64[0, 0, 1, 1, 0, 0, 1, 1])
       y = Conv(p, w)
       return y`,
      "y",
    );
    const own = await fieldOf(`${stem}\n y = Conv(x, w) { pads: [1, 1, 1, 1] }\n return y`, "y");
    expect(padded).toEqual(own);
  });

  it("leave out a path that sees the whole picture, as of squeeze and excite", async () => {
    const text = `
      x: f32[N, 2, 224, 224]
      const w: f32[2, 2, 3, 3]
      const v: f32[2, 2, 1, 1]
      c = Conv(x, w) { pads: [1, 1, 1, 1] }
      g = GlobalAveragePool(c)
      e = Conv(g, v)
      s = Sigmoid(e)
      y = Mul(c, s)
      return y`;
    expect((await fieldOf(text, "y"))?.down).toMatchObject({ sizePx: 3, jumpPx: 1 });
  });

  it("weigh the channels of a Concat by their number, however it is nested", async () => {
    const stem = `
      x: f32[N, 2, 224, 224]
      const a: f32[2, 2, 3, 3]
      const b: f32[2, 2, 7, 7]
      p = Conv(x, a) { pads: [1, 1, 1, 1] }
      q = Conv(x, b) { pads: [3, 3, 3, 3] }`;
    const flat = await fieldOf(`${stem}\n y = Concat(x, p, q) { axis: 1 }\n return y`, "y");
    const nested = await fieldOf(
      `${stem}\n i = Concat(x, p) { axis: 1 }\n y = Concat(i, q) { axis: 1 }\n return y`,
      "y",
    );
    expect(flat?.down.sigmaPx).toBeCloseTo(Math.sqrt((0 + 2 / 3 + 4) / 3), 9);
    expect(nested?.down.sigmaPx).toBeCloseTo(flat?.down.sigmaPx ?? NaN, 9);
  });

  it("follow channels shuffled by Reshape and Transpose, and pictures with their channels last", async () => {
    const shuffled = `
      x: f32[N, 4, 224, 224]
      const w: f32[4, 4, 3, 3]
      c = Conv(x, w) { strides: [2, 2], pads: [1, 1, 1, 1] }
      r = Reshape(c, i64[0, 2, 2, 112, 112])
      t = Transpose(r) { perm: [0, 2, 1, 3, 4] }
      y = Reshape(t, i64[0, 4, 112, 112])
      return y`;
    expect((await fieldOf(shuffled, "y", "mean", [4, 224, 224]))?.across).toMatchObject({
      jumpPx: 2,
      sizePx: 3,
    });
    const last = `
      x: f32[N, 32, 48, 3]
      const w: f32[4, 3, 3, 3]
      t = Transpose(x) { perm: [0, 3, 1, 2] }
      c = Conv(t, w) { strides: [2, 2], pads: [1, 1, 1, 1] }
      y = Transpose(c) { perm: [0, 2, 3, 1] }
      return y`;
    const field = await fieldOf(last, "y", "mean", [32, 48, 3]);
    expect([field?.down.inputPx, field?.across.inputPx]).toEqual([32, 48]);
    expect(field?.down).toMatchObject({ jumpPx: 2, sizePx: 3, centrePx: 0 });
  });

  it("are none behind attention", async () => {
    const text = `
      x: f32[N, 2, 224, 224]
      const w: f32[4, 2, 56, 56]
      c = Conv(x, w) { strides: [56, 56] }
      f = Reshape(c, i64[0, 4, 16])
      t = Transpose(f) { perm: [0, 2, 1] }
      m = MatMul(t, f)
      y = MatMul(m, t)
      return y`;
    expect(await fieldOf(text, "y")).toBeNull();
  });
});

describe.skipIf(!fixturesFolder)("receptive fields of model files", () => {
  const tapOf = async (path: string) => {
    const file = readModelFile(fixture(path));
    const model = await analyse(file.model, evaluate, { file: file.fileName });
    return model.taps[0]?.receptiveField;
  };

  it("MobileNetV2 is that of the table, but for the centre: it pads at the end alone", async () => {
    const field = await tapOf("models/imagenet/mobilenet_v2_1.0_224.onnx");
    expect(field?.isDerived).toBe(true);
    // TensorFlow's SAME: each of five 3×3 windows of stride 2 moves the centre by its jump, 1 + 2 + 4 + 8 + 16
    expect(field?.down).toMatchObject({ jumpPx: 32, sizePx: 491, centrePx: 31 });
    expect(field?.down.sigmaPx).toBeCloseTo(47.3, 1);
  });

  it("of convolutional networks with branches and gates are found, of networks that look everywhere assumed", async () => {
    for (const [name, isDerived] of [
      ["mini_densenet", true],
      ["mini_efficientnet", true],
      ["mini_mobilenetv3", true],
      ["mini_shufflenetv2", true],
      ["mini_convnext", true],
      ["mini_vgg", true],
      ["mini_vit", false],
      ["mini_swin", false],
      ["mini_vig", false],
    ] as const) {
      const field = await tapOf(`models/mini-cifar10/${name}_cifar10.onnx`);
      expect(field?.isDerived, name).toBe(isDerived);
      expect(field?.down.inputPx, name).toBe(32);
    }
  });
});
