import { describe, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import {
  averagePoolCases,
  dilatedAveragePool,
  maxPoolCases,
  otherPoolCases,
} from "../../../test/support/operator-cases/pooling.ts";

describe("AveragePool matches finite differences", () => {
  it.each([...averagePoolCases, dilatedAveragePool])("$name", (given) =>
    expectGradient({ ...given, of: "y" }),
  );
});

describe("MaxPool matches finite differences", () => {
  it.each(maxPoolCases)("$name", (given) => expectGradient({ ...given, of: "y" }));
});

describe("other pooling matches finite differences", () => {
  it.each(otherPoolCases)("$name", (given) => expectGradient({ ...given, of: "y" }));
});
