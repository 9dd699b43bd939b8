/**
 * The flat graph that every pass, rule and the text form work on: single static assignment, topological order, one
 * image input. Values have names; constants carry their bytes. Nothing here knows protobuf (`wire.ts`) or the runtime.
 */
export type ElementType =
  | "f32"
  | "f64"
  | "f16"
  | "bf16"
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "bool"
  | "string";

/** A constant: raw little-endian bytes, row-major. */
export interface Constant {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

/** A name is a symbolic dim, a number a static one. */
export type Dim = number | string;

export interface ValueInfo {
  readonly name: string;
  /** null: the runtime infers it; outputs only. */
  readonly type: ElementType | null;
  /** null: not even the rank is known. */
  readonly dims: readonly Dim[] | null;
}

export type Attribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: Constant }
  | { readonly kind: "graph"; readonly value: Graph };

export interface Node {
  readonly name: string;
  /** "" is ai.onnx. */
  readonly domain: string;
  readonly op: string;
  /** "" marks an absent optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  readonly opset: number;
  readonly irVersion: number;
  /** Other domains the nodes use, with their versions. */
  readonly domains: Readonly<Record<string, number>>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly nodes: readonly Node[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What pass `shapes` found of one value: its dims when run at the probe batch sizes. */
export interface ValueShape {
  readonly type: ElementType;
  /** Dims at batch 2 (or the model's fixed batch). */
  readonly dims: readonly number[];
  /** Which of them are the batch (or a multiple of it): `dims[i] = factor · N`; 0 = static. */
  readonly batchFactor: readonly number[];
  /** Integer values that were the same in both probe runs. */
  readonly integers?: readonly number[];
}

export type Shapes = ReadonlyMap<string, ValueShape>;
