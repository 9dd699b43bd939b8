import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";
import { partitionCases } from "../../../../test/support/operator-cases/partition.ts";

describe("cutting and joining on TensorFlow.js", () => {
  it.each(partitionCases)("$name", (given) => expectWitness(given));
});
