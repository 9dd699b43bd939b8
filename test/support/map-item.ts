import { noStructure } from "../../shared/domain/structure.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import type { MapItem, MapTools, Method, RawMap } from "../../src-main/engine/cam/method.ts";

/** One image for a method's hand case: `[K,H,W]` activations, a 1×1 picture of one colour, a single output. */
export function mapItem(
  changes: Partial<MapItem> & Pick<MapItem, "activations" | "k" | "h" | "w">,
): MapItem {
  return {
    gradients: new Float32Array(0),
    logits: Float32Array.of(1),
    seed: Float32Array.of(1),
    target: 0,
    image: { dims: [1, 1, 1, 1], data: Float32Array.of(1) },
    layout: "NCHW",
    headWeights: null,
    headBias: null,
    isPooledLinear: false,
    isTokens: false,
    tap: { name: "a", isDefault: true, isScaleFree: false },
    structure: noStructure,
    randomSeed: 0,
    inputSpread: 1,
    fitted: null,
    others: 0,
    ...changes,
  };
}

/** Tools of which a case states those it needs; any other pass is a failure. */
export function mapTools(given: Partial<MapTools>): MapTools {
  const noOther = () => {
    throw new Error("no other model is needed");
  };
  const none = (name: string) => () => Promise.reject(new Error(`no ${name} pass is needed`));
  return {
    forwardChunk: 3,
    tailChunk: 3,
    forward: none("whole"),
    gradient: none("gradient"),
    tail: none("tail"),
    tailGradient: none("tail gradient"),
    read: none("reading"),
    other: noOther,
    relevance: none("relevance"),
    ...given,
  };
}

/** Row by row `[M,…]` → `[M,C]`. */
export function byRow(logitsOf: (row: Float32Array) => readonly number[]) {
  return async ({ dims, data }: Tensor): Promise<Tensor> => {
    const size = data.length / dims[0];
    const rows = Array.from({ length: dims[0] }, (_, m) =>
      logitsOf(data.subarray(m * size, (m + 1) * size)),
    );
    return { dims: [rows.length, rows[0].length], data: Float32Array.from(rows.flat()) };
  };
}

/** The map of a method that orders passes of its own. */
export async function passMap(method: Method, tools: MapTools, item: MapItem): Promise<RawMap> {
  if (!("map" in method)) throw new Error(`${method.id} orders no passes`);
  const made = await method.map(tools, item);
  return made instanceof Float32Array ? { map: made } : made;
}
