import type { TapSession } from "../../../../shared/domain/engine.ts";
import type { FusionId } from "../../../../shared/domain/fusion.ts";
import {
  explainBatch,
  type ExplainedItem,
  type ExplainedMap,
  type ExplainRequest,
} from "../explain.ts";
import { flagsOf } from "../flags.ts";
import { fuseLayers } from "./fuse-layers.ts";

export interface LayersRequest extends Omit<ExplainRequest, "session"> {
  /** One per layer, of one model. */
  readonly sessions: readonly TapSession[];
  readonly how: FusionId;
}

/** As `explainBatch` at several layers of a model, whose maps become one on the finest grid: any method, layer by layer. */
export async function explainLayers({
  sessions,
  how,
  ...request
}: LayersRequest): Promise<readonly ExplainedItem[]> {
  const layers: (readonly ExplainedItem[])[] = [];
  for (const session of sessions) layers.push(await explainBatch({ ...request, session }));
  const [first] = layers;
  return first.map((item, i) => ({
    ...item,
    maps: item.maps.map((_, m) =>
      fuseExplained(
        layers.map((items) => items[i].maps[m]),
        sessions,
        how,
      ),
    ),
  }));
}

/** No map where a layer has none: what is missing there would be missing unseen. */
function fuseExplained(
  maps: readonly ExplainedMap[],
  sessions: readonly TapSession[],
  how: FusionId,
): ExplainedMap {
  const missing = maps.find(({ map }) => map === null);
  if (missing) return missing;
  const fused = fuseLayers(
    maps.map(({ map }, layer) => {
      const [, h, w] = sessions[layer].tap.grid;
      return { map: map ?? new Float32Array(h * w), h, w };
    }),
    how,
  );
  const kept = maps.flatMap(({ flags }) => flags).filter((flag) => flag === "sign-ambiguous");
  const flags = [...new Set([...kept, ...flagsOf(fused.map, fused.h, fused.w)])];
  return { map: fused.map, flags, notes: { layers: maps.length } };
}
