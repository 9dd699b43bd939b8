import type { GradientCase } from "../expect-gradient.ts";

/** One use of an operator: its value `y`, and the gradient of it, are what several engines must agree on. */
export interface OperatorCase extends Pick<
  GradientCase,
  "graph" | "to" | "inputs" | "within" | "feeds"
> {
  readonly name: string;
}
