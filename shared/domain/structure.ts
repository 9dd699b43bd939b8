/**
 * What the graph of a model shows beyond its taps: what some methods look for. Names are values of the graph, to be read through
 * `TapSession.read`. An engine without a graph to look into has none of it.
 */
export interface ModelStructure {
  /** Whether values can be read by name at all. */
  readonly isReadable: boolean;
}

/** Of an engine that cannot look inside. */
export const noStructure: ModelStructure = { isReadable: false };
