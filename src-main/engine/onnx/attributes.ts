import { numbersOf } from "./constant.ts";
import type { Attribute, Constant, Graph, Node } from "./graph.ts";

/** An integer attribute, or its default. */
export function intAttribute(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === "int" ? attribute.value : otherwise;
}

/** A float attribute, or its default. */
export function floatAttribute(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === "float" || attribute?.kind === "int" ? attribute.value : otherwise;
}

/** A string attribute, or its default. */
export function stringAttribute(node: Node, name: string, otherwise: string): string {
  const attribute = node.attributes[name];
  return attribute?.kind === "string" ? attribute.value : otherwise;
}

/** A list of integers; undefined where the node does not state it. */
export function intsAttribute(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === "ints" ? attribute.value : undefined;
}

/** A list of floats; undefined where the node does not state it. */
export function floatsAttribute(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === "floats" ? attribute.value : undefined;
}

/** A tensor attribute; undefined where the node does not state it. */
export function tensorAttribute(node: Node, name: string): Constant | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === "tensor" ? attribute.value : undefined;
}

/** A subgraph attribute; undefined where the node does not state it. */
export function graphAttribute(node: Node, name: string): Graph | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === "graph" ? attribute.value : undefined;
}

/** Attributes from plain values: integers, `{ float }`, strings, lists of integers, constants. */
export function attributesFrom(
  values: Readonly<
    Record<string, number | string | readonly number[] | { readonly float: number } | Constant>
  >,
): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, from(value)]));
}

function from(
  value: number | string | readonly number[] | { readonly float: number } | Constant,
): Attribute {
  if (typeof value === "number")
    return Number.isInteger(value) ? { kind: "int", value } : { kind: "float", value };
  if (typeof value === "string") return { kind: "string", value };
  if ("float" in value) return { kind: "float", value: value.float };
  if ("bytes" in value) return { kind: "tensor", value };
  return { kind: "ints", value };
}

/** One spatial axis of a convolution or pooling, all numbers resolved. */
export interface WindowAxis {
  /** Input extent. */
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
  /** Output extent, floor mode. */
  readonly out: number;
}

/**
 * The spatial axes of a Conv, pooling or LpPool over an input `[N,C,..]`: `auto_pad` is resolved to numbers, so that
 * UPPER and LOWER put the odd pixel where the runtime puts it. `kernel` is taken from the weight where the node leaves
 * `kernel_shape` off.
 */
export function convolutionAxes(
  node: Node,
  inputDims: readonly number[],
  kernel: readonly number[] | undefined = intsAttribute(node, "kernel_shape"),
): WindowAxis[] {
  const sizes = inputDims.slice(2);
  const kernels = intsAttribute(node, "kernel_shape") ?? kernel ?? [];
  const strides = intsAttribute(node, "strides") ?? sizes.map(() => 1);
  const dilations = intsAttribute(node, "dilations") ?? sizes.map(() => 1);
  const pads = intsAttribute(node, "pads") ?? sizes.flatMap(() => [0, 0]);
  const autoPad = stringAttribute(node, "auto_pad", "NOTSET");
  return sizes.map((size, i) => {
    const [stride, dilation, k] = [strides[i] ?? 1, dilations[i] ?? 1, kernels[i] ?? 1];
    const reach = dilation * (k - 1) + 1;
    let [padBegin, padEnd] = [pads[i] ?? 0, pads[i + sizes.length] ?? 0];
    if (autoPad === "VALID") [padBegin, padEnd] = [0, 0];
    if (autoPad.startsWith("SAME")) {
      const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
      const less = Math.floor(total / 2);
      padBegin = autoPad === "SAME_UPPER" ? less : total - less;
      padEnd = total - padBegin;
    }
    const out = Math.floor((size + padBegin + padEnd - reach) / stride) + 1;
    return { size, kernel: k, stride, dilation, padBegin, padEnd, out };
  });
}

/** The integers of a constant, or undefined for an absent one. */
export function integersOf(constant: Constant | undefined): number[] | undefined {
  return constant && numbersOf(constant);
}
