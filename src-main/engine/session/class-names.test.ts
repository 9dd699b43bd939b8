import { describe, expect, it } from "vitest";
import { classNamesIn } from "./class-names.ts";

const named = (key: string, value: string) => ({ nodes: [], metadata: { [key]: value } });

describe("class names in a model file", () => {
  it.each([
    ["a JSON list", named("labels", '["cat", "a dog"]')],
    ["a JSON object", named("classes", '{"0": "cat", "1": "a dog"}')],
    ["a Python dictionary in any order", named("names", "{1: 'a dog', 0: 'cat'}")],
    ["a Python list", named("names", "['cat', 'a dog']")],
    ["commas", named("classes", "cat, a dog")],
    ["lines", named("labels", "cat\r\na dog\n".trim())],
  ])("%s", (_, graph) => {
    expect(classNamesIn(graph, 2)).toEqual(["cat", "a dog"]);
  });

  it("are none when their number is another one", () => {
    expect(classNamesIn(named("names", '["cat"]'), 2)).toBeNull();
    expect(classNamesIn({ nodes: [], metadata: {} }, 1)).toBeNull();
  });

  it("are what a ZipMap keys its dictionary by", () => {
    const zip = {
      name: "z",
      domain: "ai.onnx.ml",
      op: "ZipMap",
      inputs: ["p"],
      outputs: ["d"],
      attributes: { classlabels_strings: { kind: "strings", value: ["cat", "dog"] } as const },
    };
    expect(classNamesIn({ metadata: {}, nodes: [zip] }, 2)).toEqual(["cat", "dog"]);
  });
});
