import type { Graph } from "../onnx/graph.ts";
import { makesOf, readsOf } from "../onnx/walk.ts";

/** Values that every way from the image to the score passes. */
export function bottlenecks(graph: Graph, path: ReadonlySet<string>): Set<string> {
  const lastUse = new Map<string, number>();
  graph.nodes.forEach((node, i) => {
    if (makesOf(node).some((name) => path.has(name)))
      for (const name of readsOf(node)) if (path.has(name)) lastUse.set(name, i);
  });
  const found = new Set<string>();
  let open = 0;
  graph.nodes.forEach((node, i) => {
    const made = makesOf(node).filter((name) => path.has(name));
    if (made.length === 1 && open <= i) made.forEach((name) => found.add(name));
    for (const name of made) open = Math.max(open, lastUse.get(name) ?? 0);
  });
  return found;
}
