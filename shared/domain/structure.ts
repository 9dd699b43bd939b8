import type { TapDescription } from "./model.ts";
import type { RelevancePath } from "./relevance.ts";
import type { Tensor } from "./tensor.ts";

/**
 * What the graph of a model shows beyond its taps: what some methods look for. Names are values of the graph, to be read through
 * `TapSession.read`. An engine without a graph to look into has none of it.
 */
export interface ModelStructure {
  /** Whether values can be read by name at all. */
  readonly isReadable: boolean;
  /** Neighbourhoods that a vision graph network builds of its own grid, in the order of its blocks. */
  readonly vertexGraphs: readonly VertexGraph[];
  /** All layers that maps can be read from, the default among them. */
  readonly layers: readonly TapDescription[];
  /** Rows `[C,D]` of the last matrix before the logits; the same tensor each time, null where the last layer is none. */
  readonly classRows: () => Tensor | null;
  /** How an explanation is swept back to the layer; null in an engine that cannot. */
  readonly relevance: RelevancePath | null;
  /** Where tokens attend to each other; null where nothing does. */
  readonly attention: AttentionStructure | null;
  /** Tokens of the layer's own grid that reach the score beside it: the residual stream next to its norm. A tail can mask them. */
  readonly besideTap: readonly string[];
  /** What each layer adds of its own to the score; null in an engine that cannot tell. */
  readonly biases: () => BiasStructure | null;
}

/**
 * What a layer adds at its output `value`: a constant, broadcast to it from the right, or the value itself wherever it lies at a
 * bound (a clipped activation no longer follows what goes in).
 */
export type BiasTerm =
  | {
      readonly kind: "constant";
      readonly value: string;
      readonly dims: readonly number[];
      readonly values: Float64Array;
    }
  | {
      readonly kind: "bounds";
      readonly value: string;
      readonly low: number;
      readonly high: number;
    };

/** `explicit`: gradient times image and the terms sum to the score. `implicit`: the first operator that says no constant of it. */
export type BiasStructure =
  | {
      readonly kind: "explicit";
      /** The value of the graph that the picture is. */
      readonly image: string;
      readonly terms: readonly BiasTerm[];
    }
  | { readonly kind: "implicit"; readonly op: string; readonly node: string };

/** Of each vertex the vertices nearest to it, as one block lists them. */
export interface VertexGraph {
  /** The value that holds them: per image `[vertices, chosen]`, numbers of vertices in rows of the grid. */
  readonly indices: string;
  readonly vertices: number;
  /** Which of the chosen are left after dilation, as columns. */
  readonly kept: readonly number[];
}

/** One attention: who attends to whom. */
export interface AttentionSite {
  /** The value that holds the shares: per image `[heads, queries, keys]`, each row a sum of 1. */
  readonly probabilities: string;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** The tokens `[N,T,D]` that leave its block; null where they were not found. */
  readonly output: string | null;
}

/**
 * `whole`: every block attends over all tokens of one grid, one block after the other. `partial`: within windows, at several
 * resolutions, or not from all tokens to all. `hidden`: inside an operator that shows no shares.
 */
export type AttentionStructure =
  | {
      readonly scope: "whole";
      readonly sites: readonly AttentionSite[];
      /** Prefix tokens, then the grid row by row. */
      readonly tokens: number;
      readonly prefixTokens: number;
      readonly grid: readonly [height: number, width: number];
      /** The tokens of the last block that the classifier reads. */
      readonly headTokens: readonly number[];
    }
  | { readonly scope: "partial"; readonly sites: readonly AttentionSite[] }
  | { readonly scope: "hidden"; readonly operator: string };

/** Of an engine that cannot look inside. */
export const noStructure: ModelStructure = {
  isReadable: false,
  vertexGraphs: [],
  layers: [],
  classRows: () => null,
  relevance: null,
  attention: null,
  besideTap: [],
  biases: () => null,
};
