import { indexingRules } from "../gradients/indexing.ts";
import { layoutRules as arrangements } from "../gradients/layout.ts";
import { partitionRules } from "../gradients/partition.ts";
import type { Rule } from "../gradients/rule.ts";
import { isFloat } from "../onnx/constant.ts";
import { asGradient, defineRules, type RelevanceRule } from "./rule.ts";

/** What only moves numbers about sends relevance where it sends gradients: to where each number came from. */
const alike =
  (rule: Rule): RelevanceRule =>
  (context) =>
    rule(asGradient(context));

export const layoutRules = defineRules({
  Identity: alike(arrangements.Identity),
  Dropout: alike(arrangements.Dropout),
  // Of codes, such as the bytes of a picture, relevance is still a number.
  Cast: ({ inputs: [x = ""], relevance, shape, cast }) => [
    isFloat(shape(x).type) ? cast(relevance, shape(x).type) : relevance,
  ],
  Reshape: alike(arrangements.Reshape),
  Flatten: alike(arrangements.Flatten),
  Squeeze: alike(arrangements.Squeeze),
  Unsqueeze: alike(arrangements.Unsqueeze),
  Transpose: alike(arrangements.Transpose),
  Expand: alike(arrangements.Expand),
  DepthToSpace: alike(arrangements.DepthToSpace),
  SpaceToDepth: alike(arrangements.SpaceToDepth),
  Concat: alike(partitionRules.Concat),
  Split: alike(partitionRules.Split),
  Slice: alike(partitionRules.Slice),
  Pad: alike(partitionRules.Pad),
  Gather: alike(indexingRules.Gather),
});
