import type { MethodSupport, TapDescription } from "./model.ts";

/** A value of the graph that holds a map. */
export type MapPlace = Pick<TapDescription, "name" | "grid" | "layout">;

/**
 * The way an explanation is swept back to a layer: from the last map before the score, as far as the layer, or the picture where
 * the layer is the default one. Or why there is no such way.
 */
export type RelevancePath =
  | {
      readonly kind: "open";
      readonly from: MapPlace;
      readonly to: MapPlace;
      /** Whether `to` is the picture. */
      readonly isPicture: boolean;
      /** Operators on the way that the method's authors have no rule for: ours are used. */
      readonly extended: readonly string[];
      /** Batch normalisations on the way; none where the exporter folded them, which can change a sign. */
      readonly batchNorms: number;
      /** Cost of components and sweep, in plain forward passes. */
      readonly forwards: number;
    }
  | { readonly kind: "refused"; readonly refusal: NonNullable<MethodSupport["refusal"]> };
