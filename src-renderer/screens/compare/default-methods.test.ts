import { describe, expect, it } from "vitest";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { cheapMethods, defaultMethods } from "./default-methods.ts";

const support = (method: MethodId, forwards: number, supported = true) => ({
  method,
  forwards,
  supported,
});
const methods = [
  support("cam", 1),
  support("grad-cam++", 1),
  support("layercam", 1),
  support("score-cam", 97),
  support("recipro-cam", 60),
  support("eigen-cam", 1),
  support("legrad", 1, false),
];
const model = { head: "pooled-linear" as const, methods };

describe("the methods that a comparison begins with", () => {
  it("are the run's, its second and two cheap candidates", () => {
    const run = { method: "score-cam", secondMethod: "cam" } as const;
    expect(defaultMethods(model, run)).toEqual(["score-cam", "cam", "layercam", "grad-cam++"]);
  });

  it("name none twice and none that the model does not support", () => {
    const run = { method: "layercam", secondMethod: "legrad" } as const;
    expect(defaultMethods(model, run)).toEqual(["layercam", "grad-cam++", "eigen-cam", "cam"]);
  });

  it("begin with CAM before the first run where the head is pooled and linear", () => {
    expect(defaultMethods(model, null)[0]).toBe("cam");
    const general = { head: "general" as const, methods: [support("hirescam", 1)] };
    expect(defaultMethods(general, null)).toEqual(["hirescam"]);
  });

  it("counts as cheap what costs a dozen passes or less and is supported", () => {
    expect(cheapMethods(model)).toEqual(["cam", "grad-cam++", "layercam", "eigen-cam"]);
  });
});
