import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import {
  classify,
  openToyTransformer,
  runToyTransformer,
  toyTransformer,
} from "../../../test/support/toy-transformer.ts";
import type { TapSession } from "../../../shared/domain/engine.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { methods as facts } from "../../../shared/domain/methods.ts";
import { openModel, type OpenModel } from "../session/open-model.ts";
import { explainBatch } from "./explain.ts";
import { methodById } from "./registry.ts";

const { tokens: t, heads, classes, width } = toyTransformer;
const image = seededNumbers(48, 3);
const target = 1;

let model: OpenModel;
let session: TapSession;

beforeAll(async () => {
  model = await openToyTransformer();
  session = await model.open(null);
});
afterAll(() => Promise.all([session.close(), model.close()]));

async function mapOf(id: MethodId, index = target) {
  const [{ maps }] = await explainBatch({
    session,
    methods: [methodById(id)],
    images: { dims: [...toyTransformer.input], data: image },
    layout: "NCHW",
    target: { kind: "class", index },
    labels: [null],
  });
  const [{ map, notes }] = maps;
  if (!map) throw new Error("no map");
  return { map, notes };
}

/** Slope of a score at block l's attention, by central differences of the network written out. */
function slopes(l: number, score: (attention: Float64Array) => number): Float64Array {
  const own = runToyTransformer(image).attention[l];
  const step = 1e-5;
  return own.map((_, at) => {
    const moved = (sign: number) => own.map((value, i) => (i === at ? value + sign * step : value));
    return (score(moved(1)) - score(moved(-1))) / (2 * step);
  });
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: t * t }, (_, at) => {
    let sum = 0;
    for (let s = 0; s < t; s++) sum += a[Math.floor(at / t) * t + s] * b[s * t + (at % t)];
    return sum;
  });
}

const identity = Float64Array.from({ length: t * t }, (_, at) => +(at % (t + 1) === 0));

function meanHeads(values: Float64Array): Float64Array {
  return Float64Array.from({ length: t * t }, (_, at) => (values[at] + values[t * t + at]) / heads);
}

function expectMap(map: Float32Array, expected: ArrayLike<number>, within = 2e-5) {
  expect(map).toHaveLength(6);
  const most = Math.max(...Array.from(expected, Math.abs));
  map.forEach((value, p) =>
    expect(Math.abs(value - expected[p]) / most, `cell ${p}`).toBeLessThan(within),
  );
}

const patches = (row: Float64Array) => row.subarray(1, t);

describe("attention maps of a network written out in double precision", () => {
  it("reads the same attention and the same logits", async () => {
    const { structure } = session;
    if (structure.attention?.scope !== "whole") throw new Error("not whole");
    expect(structure.attention).toMatchObject({ prefixTokens: 1, grid: [2, 3], headTokens: [0] });
    const names = structure.attention.sites.map(({ probabilities }) => probabilities);
    const read = await session.read({ dims: [1, 2, 4, 6], data: image }, names, null);
    const written = runToyTransformer(image);
    names.forEach((name, l) =>
      read.values
        .get(name)
        ?.data.forEach((value, at) => expect(value).toBeCloseTo(written.attention[l][at], 5)),
    );
    read.logits.data.forEach((value, c) => expect(value).toBeCloseTo(written.logits[c], 5));
  });

  it("rolls attention out as the product of whole matrices does", async () => {
    let rolled: Float64Array = identity;
    for (const attention of runToyTransformer(image).attention) {
      const sum = meanHeads(attention).map((value, at) => value + identity[at]);
      const rows = sum.map((value, at) => {
        const from = Math.floor(at / t) * t;
        return value / sum.subarray(from, from + t).reduce((total, one) => total + one, 0);
      });
      rolled = product(rows, rolled);
    }
    const { map } = await mapOf("attention-rollout");
    expectMap(map, patches(rolled));
    expect((await mapOf("attention-rollout", 0)).map).toEqual(map);
  });

  it("adds up gradient-weighted attention as the published rule does", async () => {
    const pass = runToyTransformer(image);
    let relevance: Float64Array = identity;
    pass.attention.forEach((attention, l) => {
      const slope = slopes(
        l,
        (moved) => runToyTransformer(image, { attention: new Map([[l, moved]]) }).logits[target],
      );
      const weighted = meanHeads(attention.map((value, at) => Math.max(0, value * slope[at])));
      const step = product(weighted, relevance);
      relevance = relevance.map((value, at) => value + step[at]);
    });
    const { map } = await mapOf("attention-relevance");
    expectMap(map, patches(relevance));
    expect((await mapOf("attention-relevance", 0)).map).not.toEqual(map);
  });

  it("weights the last block's class row by its heads' mean gradients", async () => {
    const attention = runToyTransformer(image).attention[1];
    const slope = slopes(
      1,
      (moved) => runToyTransformer(image, { attention: new Map([[1, moved]]) }).logits[target],
    );
    const expected = Float64Array.from({ length: 6 }, (_, p) => {
      let sum = 0;
      for (let h = 0; h < heads; h++) {
        const from = h * t * t + 1; // head h, class token, first patch
        const weight = slope.subarray(from, from + 6).reduce((total, one) => total + one, 0) / 6;
        sum += (weight * attention[from + p]) / heads;
      }
      return sum;
    });
    expectMap((await mapOf("grad-cam-attention")).map, expected);
  });

  it("differentiates each block's own score for LeGrad, later blocks left out", async () => {
    const expected = new Float64Array(6);
    for (let l = 0; l < 2; l++) {
      const slope = slopes(l, (moved) => {
        const tokens = runToyTransformer(image, { attention: new Map([[l, moved]]) }).outputs[l];
        const mean = Float64Array.from({ length: width }, (_, j) => {
          let sum = 0;
          for (let i = 0; i < t; i++) sum += tokens[i * width + j] / t;
          return sum;
        });
        return classify(mean)[target];
      });
      slope.forEach((value, at) => {
        const key = at % t;
        if (key > 0) expected[key - 1] += Math.max(0, value) / heads / t / 2;
      });
    }
    const { map, notes } = await mapOf("legrad");
    expectMap(map, expected);
    expect(notes).toEqual({ blocks: 2 });
  });

  it("masks what enters the last attention and the stream beside it for ViT-ReciproCAM", async () => {
    const score = (kept: readonly number[]) => runToyTransformer(image, { kept }).logits[target];
    const nothing = score(Array(6).fill(0) as number[]);
    const expected = Array.from({ length: 6 }, (_, p) => {
      const [y, x] = [Math.floor(p / 3), p % 3];
      const kept = Array.from({ length: 6 }, (_, q) => {
        const [dy, dx] = [Math.abs(Math.floor(q / 3) - y), Math.abs((q % 3) - x)];
        return dy > 1 || dx > 1 ? 0 : ((2 - dy) * (2 - dx)) / 16;
      });
      return score(kept) - nothing;
    });
    const { map, notes } = await mapOf("recipro-cam");
    expectMap(map, expected, 1e-4); // differences of logits that lie close together
    expect(notes).toEqual({ maskedTensors: 2 });
  });

  it("says what every method at attention costs and lets all of them run", () => {
    const ids = ["attention-rollout", "attention-relevance", "grad-cam-attention", "legrad"];
    for (const id of ids)
      expect(session.methods.find(({ method }) => method === id)).toMatchObject({
        supported: true,
      });
    expect(classes).toBe(session.description.output.classes);
  });
});

describe.skipIf(!fixturesFolder)("attention maps of trained networks", () => {
  const ids = ["attention-rollout", "attention-relevance", "grad-cam-attention", "legrad"] as const;

  it.each([
    ["mini_vit", 1],
    ["mini_vit_gap", 0],
    ["mini_deit_distilled", 2],
  ])("lie on the patches of %s, the %i tokens before them left off", async (file, prefix) => {
    const opened = await openModel(fixture(`models/mini-cifar10/${file}_cifar10.onnx`));
    const tap = await opened.open(null);
    const explain = async (index: number) => {
      const [{ maps }] = await explainBatch({
        session: tap,
        methods: ids.map(methodById),
        images: { dims: [1, 3, 32, 32], data: seededNumbers(3 * 32 * 32, 11) },
        layout: "NCHW",
        target: { kind: "class", index },
        labels: [null],
      });
      return maps.map(({ map }) => map ?? new Float32Array(0));
    };
    const [ofThree, ofFive] = [await explain(3), await explain(5)];
    for (const map of ofThree) expect(map).toHaveLength(64);
    const [rollout, relevance, , leGrad] = ofThree;
    const total = rollout.reduce((sum, value) => sum + value, 0);
    // Rows sum to 1; what is missing lies on the prefix tokens.
    if (prefix === 0) expect(total).toBeCloseTo(1, 5);
    else expect(total).toBeLessThan(1);
    expect(Math.min(...rollout, ...relevance, ...leGrad)).toBeGreaterThanOrEqual(0);
    ids.forEach((id, i) => {
      if (facts[id].isClassSpecific) expect(ofFive[i], id).not.toEqual(ofThree[i]);
      else expect(ofFive[i], id).toEqual(ofThree[i]);
    });
    await Promise.all([tap.close(), opened.close()]);
  });

  it.each([
    ["mini_swin", "method/attention-partial"],
    ["mini_mobilevit", "method/attention-partial"],
    ["mini_convnext", "method/no-attention"],
  ])("are refused in %s before a run: %s", async (file, code) => {
    const opened = await openModel(fixture(`models/mini-cifar10/${file}_cifar10.onnx`));
    for (const id of ids) {
      const support = opened.description.methods.find(({ method }) => method === id);
      expect(support).toMatchObject({ supported: false, refusal: { code } });
    }
    await opened.close();
  });
});
