import { floatAttribute, intAttribute, stringAttribute } from "../onnx/attributes.ts";
import { fixed, product, range } from "./extents.ts";
import { defineRules, type Emitter, type RuleContext } from "./rule.ts";

/**
 * Matrix products.
 *
 *   Gemm     dA = α dY Bᵀ, dB = α Aᵀ dY, one Gemm for each case of transposition; dC = β dY, summed
 *   MatMul   dA = dY Bᵀ, dB = Aᵀ dY, summed over broadcast dims
 *   Einsum   the same Einsum with the labels of operand and result exchanged
 */
export const productRules = defineRules({
  Gemm({ node, inputs, gradient, wanted, emit, scalar, unbroadcast }) {
    const [a = "", b = "", c = ""] = inputs;
    const [transA, transB] = [intAttribute(node, "transA", 0), intAttribute(node, "transB", 0)];
    const alpha = { float: floatAttribute(node, "alpha", 1) };
    const beta = floatAttribute(node, "beta", 1);
    const dA = () =>
      transA
        ? emit("Gemm", [b, gradient], { alpha, transA: transB, transB: 1 })
        : emit("Gemm", [gradient, b], { alpha, transB: 1 - transB });
    const dB = () =>
      transB
        ? emit("Gemm", [gradient, a], { alpha, transA: 1, transB: transA })
        : emit("Gemm", [a, gradient], { alpha, transA: 1 - transA });
    const dC = () => unbroadcast(beta === 1 ? gradient : emit("Mul", [gradient, scalar(beta)]), c);
    return [wanted[0] ? dA() : null, wanted[1] ? dB() : null, wanted[2] ? dC() : null];
  },

  MatMul(context) {
    const { inputs, gradient, wanted, extents, reshape, emit, unbroadcast } = context;
    const [a = "", b = ""] = inputs;
    const isRow = extents(a).length === 1;
    const isColumn = extents(b).length === 1;
    const matrixA = isRow ? reshape(a, [fixed(1), ...extents(a)]) : a;
    const matrixB = isColumn ? reshape(b, [...extents(b), fixed(1)]) : b;
    const restored = [...extents(gradient)];
    if (isRow) restored.splice(restored.length - (isColumn ? 0 : 1), 0, fixed(1));
    if (isColumn) restored.push(fixed(1));
    const dY = reshape(gradient, restored);
    const dA = () => unbroadcast(emit("MatMul", [dY, turned(context, matrixB)]), matrixA);
    const dB = () => {
      if (extents(matrixB).length > 2 || restored.length === 2)
        return unbroadcast(emit("MatMul", [turned(context, matrixA), dY]), matrixB);
      const rows = turned(context, asRows(context, matrixA)); // one product instead of many and a sum
      return emit("MatMul", [rows, asRows(context, dY)]);
    };
    return [
      wanted[0] ? reshape(dA(), extents(a)) : null,
      wanted[1] ? reshape(dB(), extents(b)) : null,
    ];
  },

  Einsum(context) {
    const { inputs, wanted } = context;
    const { operands, result } = labels(context);
    return inputs.map((_, i) => (wanted[i] ? swapped(context, operands, result, i) : null));
  },
});

function turned({ transpose, extents }: Emitter, value: string): string {
  const rank = extents(value).length;
  return transpose(value, [...range(rank - 2), rank - 1, rank - 2]);
}

function asRows({ reshape, extents }: Emitter, value: string): string {
  const own = extents(value);
  return reshape(value, [product(own.slice(0, -1)), own.at(-1) ?? fixed(1)]);
}

function labels({ node, refuse }: RuleContext): { operands: string[]; result: string } {
  const equation = stringAttribute(node, "equation", "").replaceAll(" ", "");
  if (equation.includes(".")) refuse("its equation has an ellipsis");
  const [left = "", right] = equation.split("->");
  const operands = left.split(",");
  if (operands.some((operand) => new Set(operand).size < operand.length))
    refuse("its equation takes a diagonal");
  const all = [...left.replaceAll(",", "")];
  const once = [...new Set(all)].filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return { operands, result: right ?? once.toSorted().join("") };
}

/** A label that no other operand and not the result has was summed over alone: its gradient is the same all along. */
function swapped(
  { inputs, gradient, emit, extents, reshape, expand }: RuleContext,
  operands: readonly string[],
  result: string,
  index: number,
): string {
  const [own = "", input = ""] = [operands[index], inputs[index]];
  const others = operands.filter((_, i) => i !== index);
  const known = new Set(result + others.join(""));
  const kept = [...own].filter((label) => known.has(label)).join("");
  const reads = [gradient, ...inputs.filter((_, i) => i !== index)];
  const equation = `${[result, ...others].join()}->${kept}`;
  const part = emit("Einsum", reads, { equation });
  const spread = extents(input).map((extent, i) => (known.has(own[i] ?? "") ? extent : fixed(1)));
  return expand(reshape(part, spread), extents(input));
}
