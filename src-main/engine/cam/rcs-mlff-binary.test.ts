import { describe, expect, it } from "vitest";
import type { TapSession } from "../../../shared/domain/engine.ts";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import { toyImages, toySession } from "../../../test/support/toy-session.ts";
import { explainBatch } from "./explain.ts";
import { linearGradients } from "./head.ts";
import { scoreOf, type OtherModel } from "./other-model.ts";
import { rcsMlffBinary } from "./rcs-mlff-binary.ts";

// rcs-mlff.md 6.2, each pair as a network of its own: 2×2, K = 2
const activations = Float32Array.of(4, 2, 0, 0, 0, 2, 0, 4);

/** A binary network with a pooled head of these rows `[C][K]`, on a grid of 2×2. */
function binary(rows: readonly (readonly number[])[], values = activations): OtherModel {
  const { structure, tap } = toySession({ head: "pooled" });
  const weights = { dims: [rows.length, 2], data: Float32Array.from(rows.flat(), (w) => w / 4) };
  const session: Pick<TapSession, "tap" | "structure" | "read" | "gradient"> = {
    structure,
    tap: { ...tap, grid: [2, 2, 2] },
    read: () => Promise.reject(new Error("there is no graph to read")),
    gradient: async (_, seed) => {
      if (typeof seed === "string") throw new Error("a score is given");
      return {
        logits: { dims: [1, rows.length], data: new Float32Array(rows.length) },
        activations: { dims: [1, 2, 2, 2], data: values },
        gradients: { dims: [1, 2, 2, 2], data: linearGradients(weights, seed.data, 2, 4) },
        context: null,
      };
    },
  };
  return { session, seed: scoreOf(rows.length, null) ?? new Float32Array(0) };
}

const item = (others: number, h = 2, w = 2) =>
  mapItem({ activations: new Float32Array(h * w), k: 1, h, w, others });
const toolsOf = (models: readonly OtherModel[]) => mapTools({ other: (k) => models[k] });

describe("RCS-MLFF with binary models", () => {
  it("joins what each shows for the class: the hand case, by single outputs and by differences of two", async () => {
    // w_c − w_r: (0, 1) and (1, 0)
    const single = [binary([[0, 1]]), binary([[1, 0]])];
    const made = await passMap(rcsMlffBinary, toolsOf(single), item(2));
    expect([...made.map]).toEqual([1, 0.5, 0, 1]);
    expect(made.notes).toEqual({ models: 2, layers: 1 });
    const two = [
      binary([
        [1, 0],
        [1, 1],
      ]),
      binary([
        [0, 1],
        [1, 1],
      ]),
    ]; // the class is the second
    expect([...(await passMap(rcsMlffBinary, toolsOf(two), item(2))).map]).toEqual([1, 0.5, 0, 1]);
  });

  it("leaves out a model that shows nothing, and is zero where all are", async () => {
    const against = binary([[-1, -1]]);
    const made = await passMap(rcsMlffBinary, toolsOf([against, binary([[1, 0]])]), item(2));
    expect([...made.map]).toEqual([1, 0.5, 0, 0]);
    const none = await passMap(rcsMlffBinary, toolsOf([against]), item(1));
    expect([...none.map]).toEqual([0, 0, 0, 0]);
  });

  it("lies on the grid of the model explained", async () => {
    const model = binary([[1, 0]]);
    const coarse = await passMap(rcsMlffBinary, toolsOf([model]), item(1, 1, 1));
    expect(coarse.map[0]).toBeCloseTo((1 + 0.5) / 4, 6);
    const fine = await passMap(rcsMlffBinary, toolsOf([model]), item(1, 4, 4));
    expect(fine.map.length).toBe(16);
    expect(fine.map[0]).toBeCloseTo(1, 6);
  });

  it("is refused without further models", async () => {
    const given = { tap: toySession({ head: "pooled" }).tap };
    expect(rcsMlffBinary.requires?.(given as never)?.code).toBe("method/needs-models"); // it asks nothing
    const asked = explainBatch({
      session: toySession({ head: "pooled" }),
      methods: [rcsMlffBinary],
      images: toyImages(1),
      layout: "NCHW",
      target: { kind: "class", index: 0 },
      labels: [null],
    });
    await expect(asked).rejects.toMatchObject({ code: "method/needs-models" });
  });

  it("is what a batch hands it the models for", async () => {
    const session = toySession({ head: "pooled" });
    const others = [{ session, seed: Float32Array.of(1, 0, -1) }];
    const images = toyImages(2);
    const [first, second] = await explainBatch({
      session,
      methods: [rcsMlffBinary],
      images,
      layout: "NCHW",
      target: { kind: "class", index: 0 },
      labels: [null, null],
      others,
    });
    expect(first.maps[0].notes).toEqual({ models: 1, layers: 1 });
    expect(first.maps[0].map).not.toEqual(second.maps[0].map);
  });
});

describe("the score of a further model", () => {
  it("is its only output, the difference of its two, or the one of several that is named", () => {
    expect([...(scoreOf(1, null) ?? [])]).toEqual([1]);
    expect([...(scoreOf(1, 0) ?? [])]).toEqual([-1]);
    expect([...(scoreOf(2, null) ?? [])]).toEqual([-1, 1]);
    expect([...(scoreOf(2, 0) ?? [])]).toEqual([1, -1]);
    expect([...(scoreOf(4, 2) ?? [])]).toEqual([0, 0, 1, 0]);
    expect([scoreOf(4, null), scoreOf(2, 2), scoreOf(4, 9), scoreOf(1, 2)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
