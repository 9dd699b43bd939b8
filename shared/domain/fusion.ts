/**
 * How maps of several layers become one, on the finest grid. `mean`: of finished maps (pytorch-grad-cam). `max`: the largest at each
 * place (torch-cam). `tanh-max`: the same after tanh(2z), which lets finer layers speak (LayerCAM). `product`: what all layers show
 * (RefineCAM). `gate`: the coarsest layer, sharpened by the finer ones where it says something (RCS-MLFF).
 */
export const fusionIds = ["mean", "max", "tanh-max", "product", "gate"] as const;
export type FusionId = (typeof fusionIds)[number];

/** The layers whose maps a run fuses into one. */
export interface LayerFusion {
  /** Names of layers, each once. */
  readonly taps: readonly string[];
  readonly how: FusionId;
}
