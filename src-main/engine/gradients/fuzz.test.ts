import { describe, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import { randomGraph } from "../../../test/support/random-graph.ts";

/** `npm run fuzz` asks for more of them, from another seed on. */
const from = Number(process.env["HANSIGHT_FUZZ_SEED"] ?? 0);
const count = Number(process.env["HANSIGHT_FUZZ_GRAPHS"] ?? 40);

describe("random graphs match finite differences", () => {
  it.each(Array.from({ length: count }, (_, i) => from + i))("seed %i", (seed) =>
    expectGradient({ graph: randomGraph(seed), of: "y", to: "x", tolerance: 5e-3 }),
  );
});
