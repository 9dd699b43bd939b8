import type { AttentionSite, AttentionStructure } from "../../../shared/domain/structure.ts";
import { intAttribute } from "../onnx/attributes.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { descendantsOf } from "../onnx/walk.ts";
import { findAttentions, type Attention } from "./attention.ts";
import { bottlenecks } from "./bottlenecks.ts";
import { layoutReader, type MapLayout } from "./layouts.ts";
import { tokensRead } from "./token-reads.ts";

/** A site with what its scope is judged by. */
interface Found extends AttentionSite {
  readonly layout: MapLayout | undefined;
}

/**
 * The post-softmax attention probabilities of the graph in the order of its blocks, found by structure: a softmax over
 * products of two activations. Null where there are none. `whole`: each block attends over all tokens of one and the same
 * grid, after the one before; `partial`: windows, other resolutions, or keys that are not the queries; `hidden`: an
 * operator that holds its softmax inside and could not be taken apart.
 */
export function findAttentionSites(
  graph: Graph,
  shapes: Shapes,
  path: ReadonlySet<string>,
): AttentionStructure | null {
  const hidden = graph.nodes.find(
    ({ op, domain, outputs }) =>
      op.endsWith("Attention") && domain !== "ai.onnx.ml" && outputs.some((name) => path.has(name)),
  );
  if (hidden) return { scope: "hidden", operator: hidden.op };
  const attentions = findAttentions(graph, shapes, path);
  if (attentions.length === 0) return null;
  const read = layoutReader(graph, shapes);
  const ends = blockEnds();
  const found = attentions.map((attention, i) => describe(attention, i));
  const sites = found.map(({ layout: _, ...site }) => site);
  const [first] = found;
  const layout = first?.layout;
  if (!layout || !found.every((site) => isWhole(site, found)) || !isChain(graph, sites))
    return { scope: "partial", sites };
  const last = sites.at(-1)?.output ?? null;
  const [, height, width] = layout.grid;
  const { prefixTokens } = layout;
  const tokens = prefixTokens + height * width;
  const classTokens = prefixTokens > 0 ? [0] : [...Array(tokens).keys()];
  const headTokens = last ? tokensRead(graph, shapes, path, last) : [];
  return {
    scope: "whole",
    sites,
    tokens,
    prefixTokens,
    grid: [height, width],
    headTokens: headTokens.length > 0 ? headTokens : classTokens,
  };

  function describe({ softmax, inputs }: Attention, i: number): Found {
    const [probabilities = ""] = softmax.outputs;
    const { dims = [], batchFactor = [] } = shapes.get(probabilities) ?? {};
    const [queries = 0, keys = 0] = dims.slice(-2);
    const axis = intAttribute(softmax, "axis", -1);
    const isLast = axis === -1 || axis === dims.length - 1;
    const layout = inputs
      .map((name) => read(name))
      .find(
        (found) =>
          found?.layout === "tokens" &&
          found.prefixTokens + found.grid[1] * found.grid[2] === queries,
      );
    const lead = dims.slice(0, -2).reduce((product, dim) => product * dim, 1);
    const batch = batchFactor.some(Boolean) ? 2 : 1; // the probe's batch, or the model's only one
    return {
      probabilities,
      heads: lead / batch,
      queries,
      keys,
      output: outputOf(softmax, attentions[i + 1]?.softmax, queries),
      layout: isLast ? layout : undefined,
    };
  }

  /** The tokens that leave a block: the last sum of its residual stream before the next block's softmax. */
  function outputOf(softmax: Node, next: Node | undefined, queries: number): string | null {
    const from = graph.nodes.indexOf(softmax);
    const to = next ? graph.nodes.indexOf(next) : Infinity;
    const isEnd = (end: { at: number; tokens: number | undefined }) =>
      end.at > from && end.at < to && end.tokens === queries;
    return ends.findLast(isEnd)?.name ?? null;
  }

  /** Sums of two activations, tokens both, through which everything passes. */
  function blockEnds(): { name: string; at: number; tokens: number | undefined }[] {
    const narrow = bottlenecks(graph, path);
    return graph.nodes.flatMap((node, at) => {
      const [name = ""] = node.outputs;
      const isSum = (node.op === "Add" || node.op === "Sum") && narrow.has(name);
      const size = shapes.get(name)?.dims.join();
      const isResidual =
        isSum &&
        shapes.get(name)?.dims.length === 3 &&
        node.inputs.length === 2 &&
        node.inputs.every((input) => path.has(input) && shapes.get(input)?.dims.join() === size);
      return isResidual ? [{ name, at, tokens: shapes.get(name)?.dims[1] }] : [];
    });
  }
}

function isWhole({ layout, heads, queries, keys }: Found, [first]: readonly Found[]): boolean {
  const grid = first?.layout?.grid;
  return (
    layout !== undefined &&
    queries === keys &&
    Number.isInteger(heads) &&
    layout.grid[1] === grid?.[1] &&
    layout.grid[2] === grid[2] &&
    queries === first?.queries
  );
}

/** Whether each attention reads what the one before gave. */
function isChain(graph: Graph, sites: readonly AttentionSite[]): boolean {
  return sites.slice(1).every(({ probabilities }, i) => {
    const before = sites[i]?.probabilities ?? "";
    return descendantsOf(graph, [before]).has(probabilities);
  });
}
