import type { MethodFacts } from "./method-facts.ts";
import type { MethodId } from "./method-id.ts";
import { attention } from "./methods/attention.ts";
import { component } from "./methods/component.ts";
import { gradientWeighted } from "./methods/gradient-weighted.ts";
import { handedOn } from "./methods/handed-on.ts";
import { scoreBased } from "./methods/score-based.ts";
import { secondModel } from "./methods/second-model.ts";
import { wholeNetwork } from "./methods/whole-network.ts";

/** Every method's facts: what window, command line and report say of it. The mathematics is in `engine/cam`. */
export const methods: Readonly<Record<MethodId, MethodFacts>> = {
  ...gradientWeighted,
  ...handedOn,
  ...component,
  ...scoreBased,
  ...secondModel,
  ...wholeNetwork,
  ...attention,
};
