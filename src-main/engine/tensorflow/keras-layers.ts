import type { serialization, Tensor } from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";
import { boundedZeros } from "./keras-topology.ts";
import type { TensorFlow } from "./runtime.ts";

/** Values of the largest weight in the file that is being loaded: what a topology asks for beyond it cannot be filled. */
export const largestWeight = { values: 0 };
let hasRegistered = false;

/**
 * Registers with TensorFlow.js what Keras has and its layers lack, or have with other numbers (its own `Resizing` aligns
 * corners, its `CenterCrop` resamples): once per process. What shapes training alone passes its input on.
 */
export function registerKerasLayers({ tf, layers }: TensorFlow): void {
  if (hasRegistered) return;
  hasRegistered = true;
  const { Layer } = layers.layers;
  type Shape = Layers.Shape;
  type Config = Readonly<Record<string, unknown>>;

  class Identity extends Layer {
    static readonly className = "HansightIdentity";
    override call(inputs: Tensor | Tensor[]): Tensor {
      return only(inputs);
    }
    override computeOutputShape(shape: Shape | Shape[]): Shape {
      return onlyShape(shape);
    }
  }

  /** (x − mean) / max(sqrt(variance), 1e-7), mean and variance from the settings or from the weights. */
  class Normalization extends Layer {
    static readonly className = "HansightNormalization";
    readonly #given: readonly [mean: unknown, variance: unknown] | null;
    readonly #isInverse: boolean;
    constructor(config: Config) {
      super(config);
      const { mean, variance } = config;
      this.#given = mean === null || mean === undefined ? null : [mean, variance];
      this.#isInverse = config["invert"] === true;
    }
    override build(shape: Shape | Shape[]): void {
      const channels = onlyShape(shape).at(-1) ?? 1;
      if (!this.#given)
        for (const name of ["mean", "variance"]) this.addWeight(name, [channels], "float32", zeros);
      this.built = true;
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const [mean, variance] = (this.#given ??
          this.weights.map((weight) => weight.read())) as Tensor[]; // lists and tensors alike
        const spread = tf.maximum(tf.sqrt(asTensor(variance)), 1e-7);
        const x = tf.cast(only(inputs), "float32");
        if (this.#isInverse) return tf.add(tf.mul(x, spread), asTensor(mean));
        return tf.div(tf.sub(x, asTensor(mean)), spread);
      });
    }
    override computeOutputShape(shape: Shape | Shape[]): Shape {
      return onlyShape(shape);
    }
  }

  abstract class Sized extends Layer {
    readonly size: [number, number];
    readonly isNearest: boolean;
    constructor(config: Config) {
      super(config);
      this.size = [Number(config["height"]), Number(config["width"])];
      this.isNearest = config["interpolation"] === "nearest";
    }
    override computeOutputShape(shape: Shape | Shape[]): Shape {
      const [batch = null, , , channels = null] = onlyShape(shape);
      return [batch, ...this.size, channels];
    }
  }

  class Resizing extends Sized {
    static readonly className = "HansightResizing";
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = only(inputs) as Tensor & { readonly rank: 4 }; // images
      const { image } = tf;
      return this.isNearest
        ? image.resizeNearestNeighbor(x as never, this.size, false, true) // a 4-D tensor
        : image.resizeBilinear(x as never, this.size, false, true); // a 4-D tensor
    }
  }

  class CenterCrop extends Sized {
    static readonly className = "HansightCenterCrop";
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = only(inputs);
      const [, height = 0, width = 0] = x.shape;
      const [h, w] = this.size;
      if (h > height || w > width)
        throw new RangeError(`a centre crop of ${h} × ${w} needs larger pictures`);
      const top = Math.floor((height - h) / 2);
      const left = Math.floor((width - w) / 2);
      return tf.slice(x, [0, top, left, 0], [-1, h, w, -1]);
    }
  }

  class MeanPool extends Layer {
    static readonly className: string = "HansightMeanPool";
    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.mean(only(inputs), [1, 2], true);
    }
    override computeOutputShape(shape: Shape | Shape[]): Shape {
      const [batch = null, , , channels = null] = onlyShape(shape);
      return [batch, 1, 1, channels];
    }
  }

  class MaxPool extends MeanPool {
    static override readonly className: string = "HansightMaxPool";
    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.max(only(inputs), [1, 2], true);
    }
  }

  /** Fills nothing that will stay: weights come from the file. Counts, because a topology may ask for any size. */
  class BoundedZeros extends tf.serialization.Serializable {
    static readonly className = boundedZeros;
    apply(shape: Shape, dtype?: "float32"): Tensor {
      const count = shape.reduce<number>((product, dim) => product * (dim ?? 0), 1);
      if (!(count >= 0 && count <= largestWeight.values))
        throw new RangeError(`a weight of ${count} values`);
      return tf.zeros(shape as number[], dtype); // weights have no free dims
    }
    getConfig(): serialization.ConfigDict {
      return {};
    }
  }
  const zeros = new BoundedZeros() as never; // an initializer by what it does

  for (const one of [Identity, Normalization, Resizing, CenterCrop, MeanPool, MaxPool])
    tf.serialization.registerClass(one as never); // its constructor takes more than the declared type
  tf.serialization.registerClass(BoundedZeros);
  registerActivations(tf);

  function asTensor(value: unknown): Tensor {
    return value instanceof tf.Tensor ? value : tf.tensor(value as number[]); // a list in the settings
  }
}

/** Names as TensorFlow.js turns them: `leaky_relu` is asked for as `leakyRelu`. */
function registerActivations(tf: TensorFlow["tf"]): void {
  const sixth = (x: Tensor) => tf.div(tf.clipByValue(tf.add(x, 3), 0, 6), 6);
  const functions: Record<string, (x: Tensor) => Tensor> = {
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    hardSilu: (x) => tf.mul(x, sixth(x)),
    hardSwish: (x) => tf.mul(x, sixth(x)),
    hansightHardSigmoid: sixth,
    leakyRelu: (x) => tf.leakyRelu(x, 0.2),
    exponential: (x) => tf.exp(x),
    logSigmoid: (x) => tf.logSigmoid(x),
  };
  for (const [name, apply] of Object.entries(functions)) {
    class Activation extends tf.serialization.Serializable {
      static readonly className = name;
      apply(x: Tensor): Tensor {
        return tf.tidy(() => apply(x));
      }
      getConfig(): serialization.ConfigDict {
        return {};
      }
    }
    tf.serialization.registerClass(Activation);
  }
}

function only(inputs: Tensor | Tensor[]): Tensor {
  const [first] = Array.isArray(inputs) ? inputs : [inputs];
  if (!first) throw new RangeError("a layer was called without an input");
  return first;
}

function onlyShape(shape: readonly unknown[]): (number | null)[] {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as (number | null)[]; // one shape, or a list of one
}
