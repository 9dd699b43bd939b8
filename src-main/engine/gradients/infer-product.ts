import { fixed } from "./extents.ts";
import {
  broadcast,
  fault,
  first,
  input,
  list,
  number,
  show,
  values,
  type Emitted,
  type InferTable,
} from "./known.ts";
import type { Extent } from "./rule.ts";

/** Shapes of emitted products and windows. */
export const productShapes: InferTable = [
  [
    "MatMul",
    (emitted) => {
      const [a, b] = [first(emitted), input(emitted, 1)];
      if (a.extents.at(-1)?.size !== b.extents.at(-2)?.size)
        fault("MatMul", `multiplies [${show(a.extents)}] by [${show(b.extents)}]`);
      const lead = [a, b].map((value) => ({ ...value, extents: value.extents.slice(0, -2) }));
      const rows = a.extents.at(-2) ?? fixed(1);
      const columns = b.extents.at(-1) ?? fixed(1);
      return { type: a.type, extents: [...broadcast("MatMul", lead), rows, columns] };
    },
  ],
  [
    "Gemm",
    (emitted) => {
      const [a, b] = [first(emitted).extents, input(emitted, 1).extents];
      const rows = number(emitted, "transA", 0) ? a[1] : a[0];
      const columns = number(emitted, "transB", 0) ? b[0] : b[1];
      return { type: first(emitted).type, extents: [rows ?? fixed(1), columns ?? fixed(1)] };
    },
  ],
  [
    "Einsum",
    (emitted) => {
      const equation = emitted.attributes["equation"];
      const [left = "", right = ""] = typeof equation === "string" ? equation.split("->") : [];
      const sizes = new Map<string, Extent>();
      left
        .split(",")
        .forEach((labels, i) =>
          [...labels].forEach((label, axis) =>
            sizes.set(label, input(emitted, i).extents[axis] ?? fixed(1)),
          ),
        );
      const extents = [...right].map(
        (label) => sizes.get(label) ?? fault("Einsum", `lacks ${label}`),
      );
      return { type: first(emitted).type, extents };
    },
  ],
  [
    "Conv",
    (emitted) => {
      const { type, extents } = first(emitted);
      const weight = input(emitted, 1).extents.map(({ size }) => size);
      const channels = fixed(weight[0] ?? 1);
      const spatial = windowed(emitted, extents, weight.slice(2));
      return { type, extents: [...extents.slice(0, 1), channels, ...spatial] };
    },
  ],
  [
    "ConvTranspose",
    (emitted) => {
      const { type, extents } = first(emitted);
      const weight = input(emitted, 1).extents.map(({ size }) => size);
      const [strides, dilations] = [list(emitted, "strides"), list(emitted, "dilations")];
      const [pads, extra] = [list(emitted, "pads"), list(emitted, "output_padding")];
      const rank = extents.length - 2;
      const spatial = extents.slice(2).map(({ size }, i) => {
        const reach = (dilations?.[i] ?? 1) * ((weight[i + 2] ?? 1) - 1) + 1;
        const full = (size - 1) * (strides?.[i] ?? 1) + reach + (extra?.[i] ?? 0);
        return fixed(full - (pads?.[i] ?? 0) - (pads?.[i + rank] ?? 0));
      });
      const channels = fixed((weight[1] ?? 1) * number(emitted, "group", 1));
      return { type, extents: [...extents.slice(0, 1), channels, ...spatial] };
    },
  ],
  [
    "AveragePool",
    (emitted) => {
      const { type, extents } = first(emitted);
      const spatial = windowed(emitted, extents, list(emitted, "kernel_shape") ?? []);
      return { type, extents: [...extents.slice(0, 2), ...spatial] };
    },
  ],
  [
    "Resize",
    (emitted) => {
      const { type, extents } = first(emitted);
      const sizes = emitted.inputs[3] ? values(emitted, 3) : undefined;
      const scales = sizes ? [] : values(emitted, 2);
      const scaled = extents.map(({ size }, i) => Math.floor(size * (scales[i] ?? 1)));
      return { type, extents: (sizes ?? scaled).map(fixed) };
    },
  ],
];

/** Output extents of a window sliding over the spatial dims. */
function windowed(emitted: Emitted, extents: readonly Extent[], kernel: readonly number[]) {
  const strides = list(emitted, "strides");
  const dilations = list(emitted, "dilations");
  const pads = list(emitted, "pads");
  const isCeil = number(emitted, "ceil_mode", 0) === 1;
  return extents.slice(2).map(({ size }, i) => {
    const [stride, begin] = [strides?.[i] ?? 1, pads?.[i] ?? 0];
    const end = pads?.[i + kernel.length] ?? 0;
    const steps =
      (size + begin + end - (dilations?.[i] ?? 1) * ((kernel[i] ?? 1) - 1) - 1) / stride;
    const ceiling = Math.ceil(steps) + 1;
    if (!isCeil) return fixed(Math.floor(steps) + 1);
    return fixed((ceiling - 1) * stride >= size + begin ? ceiling - 1 : ceiling); // none starts in the end pad
  });
}
