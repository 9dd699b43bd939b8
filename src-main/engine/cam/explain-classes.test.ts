import { describe, expect, it } from "vitest";
import { seededNumbers, toySession, toyShape } from "../../../test/support/toy-session.ts";
import { explainBatch } from "./explain.ts";
import { explainClasses } from "./explain-classes.ts";
import { methodById } from "./registry.ts";

const { colours, side } = toyShape;
const image = { dims: [1, colours, side, side], data: seededNumbers(colours * side * side, 4) };

describe("several classes of one image", () => {
  it.each(["grad-cam", "layercam", "eigen-cam", "ablation-cam", "shapley-cam"] as const)(
    "have the maps of single runs: %s",
    async (id) => {
      const session = toySession({ head: "two-layer" });
      const method = methodById(id);
      const shared = { session, layout: "NCHW" } as const;
      const { maps } = await explainClasses({ ...shared, method, image, classes: [2, 0, 1] });
      for (const [row, index] of [2, 0, 1].entries()) {
        const [alone] = await explainBatch({
          ...shared,
          methods: [method],
          images: image,
          target: { kind: "class", index },
          labels: [null],
        });
        alone.maps[0].map?.forEach((value, i) => expect(maps[row].map?.[i]).toBeCloseTo(value, 6));
        expect(maps[row].flags).toEqual(alone.maps[0].flags);
      }
    },
  );

  it("runs the layers before the tap once", async () => {
    const session = toySession({ head: "two-layer" });
    let passes = 0;
    const counted = {
      ...session,
      forward: (images: typeof image) => {
        passes += images.dims[0];
        return session.forward(images);
      },
      gradient: () => Promise.reject(new Error("a whole backward pass")),
    };
    const request = { session: counted, layout: "NCHW", method: methodById("hirescam") } as const;
    await explainClasses({ ...request, image, classes: [0, 1, 2] });
    expect(passes).toBe(1);
  });

  it("refuses a class that the model has not", async () => {
    const session = toySession({ head: "pooled" });
    const request = { session, layout: "NCHW", method: methodById("cam") } as const;
    await expect(explainClasses({ ...request, image, classes: [3] })).rejects.toThrow(/no class 3/);
  });
});
