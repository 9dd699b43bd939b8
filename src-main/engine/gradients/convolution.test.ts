import { describe, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import { convCases, convTransposeCases } from "../../../test/support/operator-cases/convolution.ts";

describe("Conv matches finite differences", () => {
  it.each(convCases)("$name", (given) => expectGradient({ ...given, of: "y" }));
});

describe("ConvTranspose matches finite differences", () => {
  it.each(convTransposeCases)("$name", (given) => expectGradient({ ...given, of: "y" }));
});
