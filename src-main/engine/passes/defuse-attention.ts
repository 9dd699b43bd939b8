import { floatAttribute, intAttribute } from "../onnx/attributes.ts";
import type { Node } from "../onnx/graph.ts";
import type { Defuse, Defusing } from "./defusing.ts";

/** Attention operators as projections, products and a softmax. Masks of lengths, causality and past are left. */
export const attention: Readonly<Record<string, Defuse>> = {
  "com.microsoft:Attention"(node, defusing) {
    const [x = "", weights = "", bias, mask, past, extra] = node.inputs;
    if (mask || past || intAttribute(node, "unidirectional", 0) || node.outputs[1])
      defusing.leave();
    if (node.attributes.qkv_hidden_sizes) defusing.leave();
    const product = defusing.emit("MatMul", [x, weights]);
    const sum = bias ? defusing.emit("Add", [product, bias]) : product;
    const parts = defusing.emitAll("Split", [sum], 3, { axis: -1, num_outputs: 3 });
    const heads = intAttribute(node, "num_heads", 1);
    const [q, k, v] = parts.map((part) => splitHeads(defusing, part, heads));
    attend(node, defusing, { q, k, v, bias: extra, merge: true });
  },
  "com.microsoft:MultiHeadAttention"(node, defusing) {
    const [query = "", key = "", value = "", bias, mask, extra, ...past] = node.inputs;
    if (mask || past.some(Boolean) || !key || !value || node.outputs[1]) defusing.leave();
    if (intAttribute(node, "unidirectional", 0)) defusing.leave();
    const heads = intAttribute(node, "num_heads", 1);
    const biases = bias
      ? defusing.emitAll("Split", [bias], 3, { axis: 0, num_outputs: 3 })
      : [undefined, undefined, undefined];
    const [q, k, v] = [query, key, value].map((part, i) => {
      const own = biases[i];
      return splitHeads(defusing, own ? defusing.emit("Add", [part, own]) : part, heads);
    });
    attend(node, defusing, { q, k, v, bias: extra, merge: true });
  },
  ":Attention"(node, defusing) {
    const [query = "", key = "", value = "", mask, ...past] = node.inputs;
    if (past.some(Boolean) || intAttribute(node, "is_causal", 0) || node.outputs[1])
      defusing.leave();
    const heads = intAttribute(node, "q_num_heads", 0);
    const others = intAttribute(node, "kv_num_heads", heads);
    if (others !== heads || (mask && defusing.constantOf(mask)?.type !== "f32")) defusing.leave();
    const softcap = floatAttribute(node, "softcap", 0);
    const [q, k, v] = [query, key, value].map((part) =>
      heads ? splitHeads(defusing, part, heads) : part,
    );
    attend(node, defusing, { q, k, v, bias: mask, merge: heads > 0, softcap });
  },
};

/** `[N,T,D]` as `[N,heads,T,d]`. */
function splitHeads(defusing: Defusing, value: string, heads: number): string {
  const apart = defusing.emit("Reshape", [value, [0, 0, heads, -1]]);
  return defusing.emit("Transpose", [apart], { perm: [0, 2, 1, 3] });
}

interface Heads {
  readonly q: string | undefined;
  readonly k: string | undefined;
  readonly v: string | undefined;
  /** Added to the scaled products. */
  readonly bias: string | undefined;
  /** Whether the result goes back to `[N,T,D]`. */
  readonly merge: boolean;
  readonly softcap?: number;
}

/** `softmax(softcap(scale·QKᵀ) + bias)·V` on `[N,heads,T,d]`. */
function attend(node: Node, defusing: Defusing, heads: Heads): void {
  const { q = "", k = "", v = "", bias, merge, softcap = 0 } = heads;
  const keys = defusing.emit("Transpose", [k], { perm: [0, 1, 3, 2] });
  const product = defusing.emit("MatMul", [q, keys]);
  const stated = floatAttribute(node, "scale", 0);
  let scores = stated
    ? defusing.emit("Mul", [product, { float: stated }])
    : defusing.emit("Div", [product, rootOfWidth(defusing, q)]);
  if (softcap) {
    const capped = defusing.emit("Tanh", [defusing.emit("Div", [scores, { float: softcap }])]);
    scores = defusing.emit("Mul", [capped, { float: softcap }]);
  }
  if (bias) scores = defusing.emit("Add", [scores, bias]);
  const shares = defusing.emit("Softmax", [scores], { axis: -1 });
  const [output] = node.outputs;
  if (!merge) return void defusing.emit("MatMul", [shares, v], {}, output);
  const mixed = defusing.emit("MatMul", [shares, v]);
  const turned = defusing.emit("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  defusing.emit("Reshape", [turned, [0, 0, -1]], {}, output);
}

/** √d, read from the shape: no width is stated. The probe makes a constant of it. */
function rootOfWidth(defusing: Defusing, value: string): string {
  const width = defusing.emit("Shape", [value], { start: 3, end: 4 });
  return defusing.emit("Sqrt", [defusing.emit("Cast", [width], { to: 1 })]);
}
