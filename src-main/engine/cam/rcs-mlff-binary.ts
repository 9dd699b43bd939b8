import { fail } from "../../../shared/errors/app-error.ts";
import { finestOf } from "./fusion/fuse-layers.ts";
import { fusePairs, gateOnGrid, ontoGrid, pairMaps, strengthOf } from "./fusion/fuse-pairs.ts";
import { isLayered, lastTwoResolutions, slopesAt } from "./fusion/layer-slopes.ts";
import { definePassMethod, type MapItem, type RawMap } from "./method.ts";
import type { OtherModel } from "./other-model.ts";

/** One layer of one model: what it shows for the class, positive parts. */
interface ModelMap {
  readonly map: Float32Array;
  readonly h: number;
  readonly w: number;
}

/**
 * RCS-MLFF, Meng et al. 2019, https://arxiv.org/abs/1901.07683, with the binary networks it trains: they are given, one per pair of
 * the class and a representative rival. Fusion reconstructed from the abstract
 *
 *   D_r           CAM of model r for the class, at its last layer           its row, or the difference of its two
 *   S_r           relu( Σ_k relu(G_k) ⊙ A_k ), one resolution before it
 *   D, S          max over r of N(D_r), N(S_r), on the finest grid of each  N: min-max; maps without evidence left out
 *   map           N( D ⊙ (1 + S) ), on the grid of the model explained
 *
 * The model explained gives the grid and the answer alone.
 */
export const rcsMlffBinary = definePassMethod({
  id: "rcs-mlff-binary",
  needs: [],
  uses: ["read"],
  requires: () => ({
    code: "method/needs-models",
    details: { method: "RCS-MLFF (binary models)" },
  }),
  async map(tools, item): Promise<RawMap> {
    if (item.others === 0) fail("method/needs-models", { method: "RCS-MLFF (binary models)" });
    const models: (readonly ModelMap[])[] = [];
    for (let r = 0; r < item.others; r++) models.push(await mapsOf(tools.other(r), item));
    const depth = Math.min(...models.map((layers) => layers.length));
    const layers = Array.from({ length: depth }, (_, layer) => {
      const own = models.map((maps) => maps[layer]);
      const [h, w] = finestOf(own);
      const pairs = own.map((one) => ontoGrid(one, [h, w]));
      return { map: fusePairs(pairs, "max"), h, w };
    });
    const strength = strengthOf(models.map(([deep]) => deep.map));
    return {
      map: gateOnGrid(layers, strength, [item.h, item.w]),
      notes: { models: models.length, layers: depth },
    };
  },
});

/** What one model shows, coarsest layer first; its last layer alone where an engine reads no others. */
async function mapsOf({ session, seed }: OtherModel, { image }: MapItem): Promise<ModelMap[]> {
  const { tap, structure } = session;
  const [k, h, w] = tap.grid;
  const slopes = isLayered(structure)
    ? await slopesAt(session, image, lastTwoResolutions(structure.layers, tap.name), [seed])
    : [await lastSlopes()];
  return slopes.map((layer, i) => {
    const [, layerH, layerW] = layer.layer.grid;
    return { map: pairMaps(layer, i === 0)[0], h: layerH, w: layerW };
  });

  async function lastSlopes() {
    const { activations, gradients } = await session.gradient(image, {
      dims: [1, seed.length],
      data: seed,
    });
    return {
      layer: { grid: [k, h, w] as const },
      activations: activations.data,
      gradients: [gradients.data],
    };
  }
}
