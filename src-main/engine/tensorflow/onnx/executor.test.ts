import { describe, expect, it } from "vitest";
import { parseGraph } from "../../onnx/text.ts";
import { tensorflow } from "../runtime.ts";
import { Executor } from "./executor.ts";

const network = `
  x: f32[N, 3, 6, 5]
  const w: f32[4, 3, 3, 3]
  a = Conv(x, w) { pads: [1, 1, 1, 1], strides: [2, 2] }
  r = Relu(a)
  p = MaxPool(r) { kernel_shape: [2, 2], strides: [1, 2] }
  v, i = TopK(r, i64[2]) { axis: 2 }
  m = ReduceMean(v, i64[2, 3])
  k = Mul(r, m)
  s = Shape(x)
  n = Gather(s, i64[0])
  c = Concat(n, i64[-1]) { axis: 0 }
  t = Transpose(k) { perm: [0, 2, 3, 1] }
  q = ReduceMean(t, i64[1]) { keepdims: 1 }
  e = Expand(q, i64[1, 1, 3, 4])
  u = Add(t, e)
  h = ReduceSum(u, i64[1, 2]) { keepdims: 0 }
  o = Reshape(p, c)
  z = ReduceSum(o, i64[1])
  y = Mul(h, z)
  return y`;

describe("the executor", () => {
  it("leaves no tensor behind after 100 runs and gradients", async () => {
    const device = await tensorflow();
    const { tf } = device;
    const start = tf.memory().numTensors;
    const executor = new Executor(device, parseGraph(network));
    const x = tf.randomUniform([2, 3, 6, 5], -1, 1, "float32", 1);
    const once = () =>
      tf.tidy(() => {
        const run = (own: typeof x) => executor.run(new Map([["x", { tensor: own }]]))[0] ?? own;
        const { value, grads } = tf.valueAndGrads((own) => run(own as typeof x))(
          [x],
          tf.ones([2, 4]),
        );
        return [run(x), value, ...grads].map((tensor) => tensor.dataSync().every(Number.isFinite));
      });
    expect(once()).toEqual([true, true, true]);
    const level = tf.memory();
    for (let i = 0; i < 100; i++) once();
    expect(tf.memory().numTensors).toBe(level.numTensors);
    expect(tf.memory().numBytes).toBe(level.numBytes);
    executor.close();
    x.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it("forgets values after their last reader", async () => {
    const device = await tensorflow();
    const { tf } = device;
    const steps = Array.from({ length: 30 }, (_, i) => `v${i + 1} = Neg(v${i})`).join("\n");
    const executor = new Executor(device, parseGraph(`v0: f32[1000]\n${steps}\nreturn v30`));
    const x = tf.zeros([1000]);
    const backend = tf.getBackend();
    const plain = tf.getKernel("Neg", backend);
    let most = 0;
    tf.unregisterKernel("Neg", backend);
    tf.registerKernel({
      ...plain,
      kernelFunc: (given) => {
        most = Math.max(most, tf.memory().numTensors);
        return plain.kernelFunc(given);
      },
    });
    const before = tf.memory().numTensors;
    tf.tidy(() => executor.run(new Map([["v0", { tensor: x }]])));
    tf.unregisterKernel("Neg", backend);
    tf.registerKernel(plain);
    expect(most).toBeGreaterThan(0);
    expect(most - before).toBeLessThan(4);
    x.dispose();
    executor.close();
  });

  it("leaves nothing behind when a node fails, and names it", async () => {
    const device = await tensorflow();
    const { tf } = device;
    const text =
      "x: f32[2, 3], b: f32[4, 3]\na = Neg(x)\nt = Transpose(a)\nc = Add(t, t)\ny = Add(c, b)\nreturn y";
    const executor = new Executor(device, parseGraph(text));
    const before = tf.memory().numTensors;
    const feeds = () =>
      new Map(
        ["x", "b"].map((name, i) => [
          name,
          {
            tensor: tf.ones(
              [
                [2, 3],
                [4, 3],
              ][i] ?? [],
            ),
          },
        ]),
      );
    expect(() => tf.tidy(() => executor.run(feeds()))).toThrow('node "y" (Add)');
    expect(tf.memory().numTensors).toBe(before);
    executor.close();
  });

  it("refuses an operator that it lacks by name, before anything runs", async () => {
    const device = await tensorflow();
    const text = `x: f32[1, 3, 4, 4], i: i64[1, 1, 4, 4]
      a = Relu(x)
      y = MaxUnpool(a, i) { kernel_shape: [2, 2] }
      return y`;
    const found = (() => {
      try {
        return new Executor(device, parseGraph(text));
      } catch (error) {
        return error;
      }
    })();
    expect(found).toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "MaxUnpool", node: "y", device: device.device },
    });
  });
});
