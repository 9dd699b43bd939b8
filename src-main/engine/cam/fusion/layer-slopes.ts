import type { TapDescription } from "../../../../shared/domain/model.ts";
import type { ModelStructure } from "../../../../shared/domain/structure.ts";
import type { Tensor } from "../../../../shared/domain/tensor.ts";
import type { MapTools } from "../method.ts";
import { onGrid } from "./on-grid.ts";

/** A layer's activations and the slopes of several scores there, `[K,n]` each. */
export interface LayerSlopes {
  readonly layer: Pick<TapDescription, "grid">;
  readonly activations: Float32Array;
  /** One per score. */
  readonly gradients: readonly Float32Array[];
}

/** Layers finer than this are noise: edges, not parts. */
const mostPlaces = 56 * 56;

/**
 * The layers to fuse at a layer, coarsest first: it or the default, whichever is coarser, and one finer: the layer itself, or the
 * next resolution before it. One alone where there is no finer one, as in transformers.
 */
export function lastTwoResolutions(
  layers: readonly TapDescription[],
  name: string,
): readonly TapDescription[] {
  const own = layers.find((layer) => layer.name === name);
  if (!own) return [];
  const places = ({ grid }: TapDescription) => grid[1] * grid[2];
  const usual = layers.find(({ isDefault }) => isDefault) ?? own;
  if (places(own) > places(usual)) return [usual, own];
  const finer = layers
    .filter((layer) => places(layer) > places(own) && places(layer) <= mostPlaces)
    .toSorted((a, b) => places(a) - places(b));
  return [own, ...finer.slice(0, 1)];
}

/** Slopes of the scores `seeds` `[R][C]` of one image `[1,…]` at some layers, all scores in one pass. */
export async function slopesAt(
  { read }: Pick<MapTools, "read">,
  image: Tensor,
  layers: readonly TapDescription[],
  seeds: readonly Float32Array[],
): Promise<LayerSlopes[]> {
  const rows = seeds.length;
  const [, ...dims] = image.dims;
  const images = new Float32Array(rows * image.data.length);
  const all = new Float32Array(rows * (seeds[0]?.length ?? 0));
  seeds.forEach((seed, row) => {
    images.set(image.data, row * image.data.length);
    all.set(seed, row * seed.length);
  });
  const { values, gradients } = await read(
    { dims: [rows, ...dims], data: images },
    layers.map(({ name }) => name),
    { dims: [rows, all.length / rows], data: all },
  );
  return layers.map((layer) => {
    const [value, slopes] = [values.get(layer.name), gradients.get(layer.name)];
    if (!value || !slopes) throw new RangeError(`"${layer.name}" was not read`);
    return {
      layer,
      activations: onGrid(value, 0, layer),
      gradients: seeds.map((_, row) => onGrid(slopes, row, layer)),
    };
  });
}

/** Whether scores can be differentiated at several layers of a model. */
export function isLayered({ isReadable, layers }: ModelStructure): boolean {
  return isReadable && layers.length > 0;
}
