import { intAttribute, intsAttribute, stringAttribute } from "../onnx/attributes.ts";
import { fixed, range } from "./extents.ts";
import { defineRules, type Rule } from "./rule.ts";

const reshapeBack: Rule = ({ inputs: [x = ""], gradient, reshape, extents }) => [
  reshape(gradient, extents(x)),
];

/** Operators that keep every number and only arrange them anew, or repeat them. */
export const layoutRules = defineRules({
  Identity: ({ gradient }) => [gradient],
  Dropout: ({ gradient }) => [gradient],
  Cast: ({ inputs: [x = ""], gradient, cast, shape }) => [cast(gradient, shape(x).type)],
  Reshape: reshapeBack,
  Flatten: reshapeBack,
  Squeeze: reshapeBack,
  Unsqueeze: reshapeBack,
  Expand: ({ inputs: [x = ""], gradient, unbroadcast }) => [unbroadcast(gradient, x)],

  Transpose({ node, inputs: [x = ""], gradient, extents, transpose }) {
    const axes = range(extents(x).length);
    const perm = intsAttribute(node, "perm") ?? axes.toReversed();
    return [
      transpose(
        gradient,
        axes.map((axis) => perm.indexOf(axis)),
      ),
    ];
  },

  Tile({ inputs: [x = ""], gradient, extents, reshape, sum, integers }) {
    const own = extents(x);
    const repeats = integers(1);
    const split = reshape(
      gradient,
      own.flatMap((extent, i) => [fixed(repeats[i] ?? 1), extent]),
    );
    return [
      sum(
        split,
        own.map((_, i) => 2 * i),
        "drop",
      ),
    ];
  },

  DepthToSpace({ node, inputs: [x = ""], gradient, emit, extents, reshape, transpose }) {
    const blocksize = intAttribute(node, "blocksize", 1);
    if (stringAttribute(node, "mode", "DCR") === "DCR")
      return [emit("SpaceToDepth", [gradient], { blocksize })];
    const [n = fixed(1), c = fixed(1), h = fixed(1), w = fixed(1)] = extents(x);
    const block = fixed(blocksize);
    const channels = fixed(c.size / blocksize ** 2);
    const split = reshape(gradient, [n, channels, h, block, w, block]);
    return [reshape(transpose(split, [0, 1, 3, 5, 2, 4]), extents(x))];
  },

  SpaceToDepth: ({ node, gradient, emit }) => [
    emit("DepthToSpace", [gradient], { blocksize: intAttribute(node, "blocksize", 1) }),
  ],

  CumSum: ({ node, inputs: [, axis = ""], gradient, emit }) => [
    emit("CumSum", [gradient, axis], {
      exclusive: intAttribute(node, "exclusive", 0),
      reverse: 1 - intAttribute(node, "reverse", 0),
    }),
  ],

  Trilu: ({ node, inputs, gradient, emit }) => [
    emit("Trilu", [gradient, ...inputs.slice(1)], { upper: intAttribute(node, "upper", 1) }),
  ],
});
