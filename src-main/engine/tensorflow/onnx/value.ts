import type { Tensor } from "@tensorflow/tfjs-core";
import { floatsOf, isFloat, numbersOf } from "../../onnx/constant.ts";
import type { Constant, ElementType } from "../../onnx/graph.ts";
import type { TensorFlow } from "../runtime.ts";

type Tf = TensorFlow["tf"];

/** Where the dims of a value lie in memory: place p holds dim `order[p]`. Channels last is `[0, 2, 3, 1]`. */
export type Order = readonly number[];

/** A tensor as an operator makes it; in the order of its dims unless stated. */
export interface Made {
  readonly tensor: Tensor;
  readonly order?: Order;
  /** The ONNX type, where the tensor's own does not tell. */
  readonly type?: ElementType;
}

/** Numbers that stay off the device: shapes, indices and what is computed from them. */
export interface Counted {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly numbers: readonly number[];
}

/**
 * A value of the graph during a run. Shapes and small constants are numbers on the host until a kernel wants a tensor;
 * tensors are kept in the order in which they were made, so that transposes around convolutions cancel. Every form made
 * of a value is remembered until the value is disposed of.
 */
export class Value {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly #tf: Tf;
  readonly #forms = new Map<string, Tensor>();
  #numbers: ArrayLike<number> | (() => ArrayLike<number>) | null = null;
  #made: { readonly tensor: Tensor; readonly order: Order } | null = null;

  private constructor(tf: Tf, type: ElementType, dims: readonly number[]) {
    this.#tf = tf;
    this.type = type;
    this.dims = dims;
  }

  static ofConstant(tf: Tf, constant: Constant): Value {
    const value = new Value(tf, constant.type, constant.dims);
    value.#numbers = () => numbersIn(constant);
    return value;
  }

  static ofNumbers(tf: Tf, { type, dims, numbers }: Counted): Value {
    const value = new Value(tf, type, dims);
    value.#numbers = numbers;
    return value;
  }

  static ofTensor(tf: Tf, { tensor, order = identity(tensor.rank), type }: Made): Value {
    const dims = order.map((_, dim) => tensor.shape[order.indexOf(dim)] ?? 1);
    const value = new Value(tf, type ?? typeOf(tensor), dims);
    value.#made = { tensor, order };
    return value;
  }

  get rank(): number {
    return this.dims.length;
  }

  /** Whether reading its numbers waits for no device. */
  get isOnHost(): boolean {
    return this.#numbers !== null;
  }

  /** Row-major. */
  get numbers(): ArrayLike<number> {
    const known = this.#numbers ?? this.plain.dataSync();
    const numbers = typeof known === "function" ? known() : known;
    this.#numbers = numbers;
    return numbers;
  }

  /** The tensor as it lies. */
  get stored(): { readonly tensor: Tensor; readonly order: Order } {
    return (this.#made ??= { tensor: this.#upload(), order: identity(this.rank) });
  }

  /** The tensor in the order of its dims. */
  get plain(): Tensor {
    return this.inOrder(identity(this.rank));
  }

  inOrder(wanted: Order): Tensor {
    const { tensor, order } = this.stored;
    const perm = wanted.map((dim) => order.indexOf(dim));
    if (perm.every((place, i) => place === i)) return tensor;
    return this.form(wanted.join(), () => this.#tf.transpose(tensor, perm));
  }

  /** Made once for all readers of the value. */
  form(key: string, make: () => Tensor): Tensor {
    const known = this.#forms.get(key);
    if (known) return known;
    const { keep, tidy } = this.#tf;
    const tensor = keep(tidy(make));
    this.#forms.set(key, tensor);
    return tensor;
  }

  holds(tensor: Tensor): boolean {
    return this.#made?.tensor === tensor || [...this.#forms.values()].includes(tensor);
  }

  dispose(): void {
    if (!this.#made?.tensor.isDisposed) this.#made?.tensor.dispose();
    this.disposeForms();
  }

  /** For a value whose tensor belongs to somebody else. */
  disposeForms(): void {
    for (const tensor of this.#forms.values()) tensor.dispose();
    this.#forms.clear();
  }

  #upload(): Tensor {
    return this.#tf.keep(upload(this.#tf, this));
  }
}

/** Numbers on the device. */
export function upload(
  tf: Tf,
  {
    type,
    dims,
    numbers,
  }: { type: ElementType; dims: readonly number[]; numbers: ArrayLike<number> },
): Tensor {
  const shape = [...dims];
  if (isOfFloats(type)) {
    const floats = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
    return tf.tensor(floats, shape, "float32");
  }
  if (type === "bool") return tf.tensor(Uint8Array.from(numbers), shape, "bool");
  return tf.tensor(Int32Array.from(numbers, clampInt32), shape, "int32");
}

/** Codes of quantised values are kept as floats on the device, which every kernel takes. */
const codes = new Set<ElementType>(["i8", "u8", "i16", "u16"]);

/** Whether values of this type are float32 on the device. */
export function isOfFloats(type: ElementType): boolean {
  return isFloat(type) || codes.has(type);
}

export function identity(rank: number): Order {
  return Array.from({ length: rank }, (_, i) => i);
}

/** An axis counted from the end, counted from the start. */
export function wrapAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function typeOf({ dtype }: Tensor): ElementType {
  return dtype === "int32" ? "i64" : dtype === "bool" ? "bool" : "f32";
}

/** Exporters write "to the end" as the largest int64. */
function clampInt32(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
}

function numbersIn(constant: Constant): ArrayLike<number> {
  return isFloat(constant.type) ? floatsOf(constant) : numbersOf(constant);
}

/** A constant on the device, in the caller's tidy. */
export function madeFrom(tf: Tf, constant: Constant): Made {
  const { type, dims } = constant;
  return { tensor: upload(tf, { type, dims, numbers: numbersIn(constant) }), type };
}

/** A tensor's numbers on the host; integers are int32 there. */
export function toConstant(tensor: Tensor): Constant {
  const data = tensor.dataSync();
  const type = typeOf(tensor);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { type: type === "i64" ? "i32" : type, dims: tensor.shape, bytes };
}
