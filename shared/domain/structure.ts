/**
 * What the graph of a model shows beyond its taps: what some methods look for. Names are values of the graph, to be read through
 * `TapSession.read`. An engine without a graph to look into has none of it.
 */
export interface ModelStructure {
  /** Whether values can be read by name at all. */
  readonly isReadable: boolean;
  /** Neighbourhoods that a vision graph network builds of its own grid, in the order of its blocks. */
  readonly vertexGraphs: readonly VertexGraph[];
}

/** Of each vertex the vertices nearest to it, as one block lists them. */
export interface VertexGraph {
  /** The value that holds them: per image `[vertices, chosen]`, numbers of vertices in rows of the grid. */
  readonly indices: string;
  readonly vertices: number;
  /** Which of the chosen are left after dilation, as columns. */
  readonly kept: readonly number[];
}

/** Of an engine that cannot look inside. */
export const noStructure: ModelStructure = { isReadable: false, vertexGraphs: [] };
