import { fail } from "../../../shared/errors/app-error.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { averageOver } from "../kernels/area.ts";
import { weightedSum } from "../kernels/maps.ts";
import { denoised, gradCamComponents, onGrid } from "./components.ts";
import {
  definePassMethod,
  type MapItem,
  type MapTools,
  type Method,
  type RawMap,
} from "./method.ts";
import type { TapFacts } from "./tap-facts.ts";

/**
 * FG-CAM, Qiu, Jin and Zhang 2023, https://arxiv.org/abs/2303.09171
 *
 *   I_k = (mean over (i, j) of dt / dA_k) A_k        A: the last map before the score
 *   I swept back layer by layer, each number in proportion to the positive share of each input in it
 *   map = sum over k of I_k, where the sweep ends
 *
 * It ends at the layer that the map is made at; at the default layer it goes on to the picture, and what arrives there is
 * averaged over the cells of the layer. Signs travel with the components and nothing is cut at 0 on the way.
 */
export const fgCam = fineGrained("fg-cam", (components) => ({ components, notes: {} }));

/** FG-CAM with denoising: of the components, only a few directions go back. */
export const fgCamDenoised = fineGrained("fg-cam-denoised", (components, k) => {
  const { components: kept, rank } = denoised(components, k);
  return { components: kept, notes: { rank } };
});

type Choose = (
  components: Float32Array,
  k: number,
) => { components: Float32Array; notes: Readonly<Record<string, number>> };

function fineGrained(id: MethodId, choose: Choose): Method {
  return definePassMethod({
    id,
    needs: ["activations"],
    uses: ["read", "relevance"],
    requires,
    forwards: ({ structure: { relevance } }) =>
      relevance?.kind === "open" ? 1 + relevance.forwards : 1,
    map: (tools, item) => sweptMap(tools, item, choose),
  });
}

function requires({ tap, structure: { relevance } }: TapFacts) {
  if (!relevance) return { code: "relevance/no-graph" as const, details: { tap: tap.name } };
  return relevance.kind === "refused" ? relevance.refusal : null;
}

async function sweptMap(tools: MapTools, item: MapItem, choose: Choose): Promise<RawMap> {
  const { image, seed, h, w, structure } = item;
  const path = structure.relevance;
  if (!path) fail("relevance/no-graph", { tap: item.tap.name });
  if (path.kind !== "open") throw new RangeError("no run is begun where there is no way back");
  const { from, to } = path;
  const [k, fromH, fromW] = from.grid;
  const { values, gradients } = await tools.read(image, [from.name], {
    dims: [1, seed.length],
    data: seed,
  });
  const [activations, slopes] = [values, gradients].map((found) => {
    const tensor = found.get(from.name);
    return tensor ? onGrid(tensor, from) : new Float32Array(0);
  });
  const chosen = choose(gradCamComponents(activations, slopes, k), k);
  const start = { dims: [1, k, fromH, fromW], data: chosen.components };
  const relevance = await tools.relevance(image, start, from.name, to.name);
  const [channels, toH, toW] = to.grid;
  const map = weightedSum(relevance.data, new Float64Array(channels).fill(1));
  return {
    map: toH === h && toW === w ? map : averageOver(map, [toH, toW], [h, w]),
    notes: {
      ...chosen.notes,
      ...arrival(chosen.components, map),
      atPicture: Number(path.isPicture),
      extendedRules: path.extended.length,
      batchNorms: path.batchNorms,
    },
  };
}

/** The part of the components that arrives: what was alive by its bias alone has no share to hand on. */
function arrival(components: Float32Array, map: Float32Array): { arrived?: number } {
  const begun = sumOf(components);
  const isBalanced = Math.abs(begun) <= 1e-3 * sumOf(components.map(Math.abs));
  return isBalanced ? {} : { arrived: sumOf(map) / begun };
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
