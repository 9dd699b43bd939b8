import protobuf from "protobufjs/minimal.js";

const { Writer } = protobuf;
type Writer = protobuf.Writer;

const float = 1;
const int32 = 3;

/** A value that a SavedModel's graph holds. */
interface Held {
  readonly dims: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/**
 * The bytes of a `saved_model.pb` whose whole graph is `squash(mean over the map · weights + bias)`, its numbers in the graph,
 * with the signature "serving_default": `image` float32 `[N, side, side, channels]` in, `scores` `[N, classes]` out.
 * `weights` is `[channels, classes]`.
 */
export function savedModel(options: {
  readonly side: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly squash: "Softmax" | "Sigmoid" | "Identity";
}): Uint8Array {
  const { side, weights, bias, squash } = options;
  const classes = bias.length;
  const channels = weights.length / classes;
  const writer = Writer.create();
  writer.uint32(tag(1, 0)).int64(1);
  nested(writer, 2, () => {
    nested(writer, 1, () => text(writer, 4, "serve"));
    nested(writer, 2, () => {
      node(writer, "image", "Placeholder", [], () => {
        attribute(writer, "dtype", () => writer.uint32(tag(6, 0)).int32(float));
        attribute(writer, "shape", () => shape(writer, 7, [-1, side, side, channels]));
      });
      constant(writer, "axes", { dims: [2], values: Int32Array.of(1, 2) });
      constant(writer, "weights", { dims: [channels, classes], values: weights });
      constant(writer, "bias", { dims: [classes], values: bias });
      node(writer, "pool", "Mean", ["image", "axes"], () => {
        typed(writer, { T: float, Tidx: int32 });
        flagged(writer, "keep_dims", false);
      });
      node(writer, "product", "MatMul", ["pool", "weights"], () => {
        typed(writer, { T: float });
        flagged(writer, "transpose_a", false);
        flagged(writer, "transpose_b", false);
      });
      node(writer, "sum", "BiasAdd", ["product", "bias"], () => typed(writer, { T: float }));
      node(writer, "scores", squash, ["sum"], () => typed(writer, { T: float }));
      nested(writer, 4, () => writer.uint32(tag(1, 0)).int32(1000));
    });
    nested(writer, 5, () => {
      text(writer, 1, "serving_default");
      nested(writer, 2, () => {
        tensorInfo(writer, 1, "image", [-1, side, side, channels]);
        tensorInfo(writer, 2, "scores", [-1, classes]);
        text(writer, 3, "tensorflow/serving/predict");
      });
    });
  });
  return writer.finish();
}

function tag(field: number, wire: number): number {
  return (field << 3) | wire;
}

function nested(writer: Writer, field: number, write: () => void): void {
  writer.uint32(tag(field, 2)).fork();
  write();
  writer.ldelim();
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, 2)).string(value);
}

function node(
  writer: Writer,
  name: string,
  op: string,
  inputs: readonly string[],
  writeAttributes: () => void,
): void {
  nested(writer, 1, () => {
    text(writer, 1, name);
    text(writer, 2, op);
    for (const input of inputs) text(writer, 3, input);
    writeAttributes();
  });
}

function attribute(writer: Writer, name: string, write: () => void): void {
  nested(writer, 5, () => {
    text(writer, 1, name);
    nested(writer, 2, write);
  });
}

function typed(writer: Writer, types: Readonly<Record<string, number>>): void {
  for (const [name, type] of Object.entries(types))
    attribute(writer, name, () => writer.uint32(tag(6, 0)).int32(type));
}

function flagged(writer: Writer, name: string, value: boolean): void {
  attribute(writer, name, () => writer.uint32(tag(5, 0)).bool(value));
}

function constant(writer: Writer, name: string, { dims, values }: Held): void {
  const type = values instanceof Int32Array ? int32 : float;
  node(writer, name, "Const", [], () => {
    typed(writer, { dtype: type });
    attribute(writer, "value", () =>
      nested(writer, 8, () => {
        writer.uint32(tag(1, 0)).int32(type);
        shape(writer, 2, dims);
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        writer.uint32(tag(4, 2)).bytes(bytes);
      }),
    );
  });
}

function shape(writer: Writer, field: number, dims: readonly number[]): void {
  nested(writer, field, () => {
    for (const dim of dims) nested(writer, 2, () => writer.uint32(tag(1, 0)).int64(dim));
  });
}

function tensorInfo(writer: Writer, field: number, name: string, dims: readonly number[]): void {
  nested(writer, field, () => {
    text(writer, 1, name);
    nested(writer, 2, () => {
      text(writer, 1, `${name}:0`);
      writer.uint32(tag(2, 0)).int32(float);
      shape(writer, 3, dims);
    });
  });
}
