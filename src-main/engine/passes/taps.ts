import type { TapDescription, TapReason } from "../../../shared/domain/model.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { consumersOf, descendantsOf, makesOf, producersOf, readsOf } from "../onnx/walk.ts";
import { findAttentions, type Attention } from "./attention.ts";
import { bottlenecks } from "./bottlenecks.ts";
import { layoutReader, type MapLayout } from "./layouts.ts";

/** A tensor on the way to the score that holds a map. */
interface Candidate extends MapLayout {
  readonly name: string;
  readonly maker: Node;
}

/** What only moves values about makes no map of its own. */
const movesOnly = new Set(
  "Dropout Identity Reshape Transpose Slice Split Squeeze Unsqueeze Gather Pad Expand".split(" "),
);
/** Grids of fewer places than this show next to nothing; the next finer one is the default then. */
const fewestPlaces = 9;
const mostTaps = 8;

/**
 * The layers that maps can be read from, the default first. CNN: what the pooling reads, after the activation; one more
 * per earlier resolution. Class maps that only pooling separates from the score: the input of the convolution that made
 * them. Tokens: the input of the last attention, because later patch tokens have no path to a class token.
 */
export function findTaps(
  graph: Graph,
  shapes: Shapes,
  image: string,
  logits: string,
): TapDescription[] {
  const read = layoutReader(graph, shapes);
  const path = pathTo(graph, shapes, image, logits);
  const candidates = graph.nodes.flatMap((maker) =>
    makesOf(maker).flatMap((name, i): Candidate[] => {
      if (i > 0 || !path.has(name) || movesOnly.has(maker.op)) return [];
      if (shapes.get(name)?.type !== "f32") return [];
      const layout = read(name);
      return layout && isMap(layout) ? [{ ...layout, name, maker }] : [];
    }),
  );
  const last = candidates.at(-1);
  if (!last) return [];
  const attentions = findAttentions(graph, shapes, path);
  const chosen =
    last.layout !== "channels-first" && attentions.length
      ? tokenTaps(candidates, attentions, graph)
      : convolutionTaps(candidates, graph, shapes, path, logits);
  const readers = consumersOf(graph);
  return [...new Map(chosen.map((tap) => [tap.candidate.name, tap])).values()]
    .slice(0, mostTaps)
    .map(({ candidate, reason }, i) => ({
      name: candidate.name,
      grid: candidate.grid,
      layout: candidate.layout,
      prefixTokens: candidate.prefixTokens,
      isDefault: i === 0,
      isScaleFree: isScaleFree(candidate.name, readers, 0),
      reason,
    }));
}

/** A tap that the user named: any map on the way to the score, whatever its grid. Undefined when it holds no map. */
export function describeTap(
  graph: Graph,
  shapes: Shapes,
  name: string,
): TapDescription | undefined {
  const layout = layoutReader(graph, shapes)(name);
  if (!layout) return undefined;
  const isFree = isScaleFree(name, consumersOf(graph), 0);
  return { name, ...layout, isDefault: false, isScaleFree: isFree, reason: "earlier-resolution" };
}

function isMap({ grid: [k, h, w] }: MapLayout): boolean {
  return h > 1 && w > 1 && h < k && w < k;
}

/** Values through which the image reaches the score by numbers, not by shapes or indices. */
export function pathTo(graph: Graph, shapes: Shapes, image: string, logits: string): Set<string> {
  const seen = descendantsOf(graph, [image]);
  const producers = producersOf(graph);
  const path = new Set<string>();
  const open = [logits];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const type = shapes.get(name)?.type;
    const isNumber = type === "f32" || type === "f64" || type === "u8" || type === "i8";
    if (path.has(name) || !seen.has(name) || !isNumber) continue;
    path.add(name);
    const maker = producers.get(name);
    if (maker && !pathEnds.has(maker.op)) open.push(...readsOf(maker));
  }
  return path;
}

const pathEnds = new Set(["Shape", "Size", "ArgMax", "ArgMin", "NonZero", "OneHot", "Hardmax"]);

interface Choice {
  readonly candidate: Candidate;
  readonly reason: TapReason;
}

function convolutionTaps(
  candidates: readonly Candidate[],
  graph: Graph,
  shapes: Shapes,
  path: ReadonlySet<string>,
  logits: string,
): Choice[] {
  const producers = producersOf(graph);
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const end = candidates.at(-1);
  if (!end) return [];
  const deepest = beforePooling(end, producers, byName);
  const classMaps = isClassMap(deepest, graph, shapes, logits);
  const before = classMaps ? inputOfConvolution(deepest, producers, byName) : undefined;
  const first: Choice[] = before
    ? [
        { candidate: before, reason: "before-class-maps" },
        { candidate: deepest, reason: "class-maps" },
      ]
    : [{ candidate: deepest, reason: poolingReason(deepest, classMaps) }];
  const earlier = stageEnds(candidates, graph, path, (before ?? deepest).grid).map(
    (candidate): Choice => ({ candidate, reason: "earlier-resolution" }),
  );
  const [finer] = earlier;
  const [, height, width] = (before ?? deepest).grid;
  const isCoarse = height * width < fewestPlaces;
  return isCoarse && finer
    ? [finer, ...withNorm(finer, candidates, graph), ...first, ...earlier]
    : [...first, ...withNorm(first[0], candidates, graph), ...earlier];
}

function poolingReason(candidate: Candidate, classMaps: boolean): TapReason {
  if (classMaps) return "class-maps";
  return candidate.layout === "channels-last" ? "channels-last" : "pooling-input";
}

/** A max or average pooling between the last activation and the head only loses places: what it reads is finer. */
function beforePooling(
  end: Candidate,
  producers: ReadonlyMap<string, Node>,
  byName: ReadonlyMap<string, Candidate>,
): Candidate {
  let candidate = end;
  while (["MaxPool", "AveragePool", "LpPool", "Identity", "Dropout"].includes(candidate.maker.op)) {
    const next = byName.get(source(candidate.maker.inputs[0] ?? "", producers));
    if (!next) break;
    candidate = next;
  }
  return candidate;
}

/** The value behind nodes that pass it on unchanged. */
function source(name: string, producers: ReadonlyMap<string, Node>): string {
  let current = name;
  for (let node = producers.get(current); node; node = producers.get(current)) {
    if (node.op !== "Dropout" && node.op !== "Identity") break;
    current = node.inputs[0] ?? "";
  }
  return current;
}

/** As many channels as classes, and nothing but pooling and shape nodes after it. */
function isClassMap(candidate: Candidate, graph: Graph, shapes: Shapes, logits: string): boolean {
  const classes = shapes.get(logits)?.dims[1];
  if (candidate.grid[0] !== classes) return false;
  const passing = new Set(
    "GlobalAveragePool AveragePool ReduceMean Reshape Flatten Squeeze Identity Dropout".split(" "),
  );
  const after = descendantsOf(graph, [candidate.name]);
  return graph.nodes
    .filter((node) => node.inputs.some((input) => after.has(input)))
    .every(({ op }) => passing.has(op) || op === "Shape");
}

function inputOfConvolution(
  candidate: Candidate,
  producers: ReadonlyMap<string, Node>,
  byName: ReadonlyMap<string, Candidate>,
): Candidate | undefined {
  const activations = new Set(["Relu", "Clip", "Identity", "Add", "BatchNormalization", "Sigmoid"]);
  for (let node = producers.get(candidate.name); node;) {
    if (node.op === "Conv") return byName.get(source(node.inputs[0] ?? "", producers));
    if (!activations.has(node.op)) return undefined;
    node = producers.get(node.inputs[0] ?? "");
  }
  return undefined;
}

/**
 * One tensor per resolution finer than `deepest`: the last through which everything passes, of those with the fewest
 * channels (the end of a stage, not the widened inside of the next block). Where nothing is passed by all, the last.
 */
function stageEnds(
  candidates: readonly Candidate[],
  graph: Graph,
  path: ReadonlySet<string>,
  deepest: MapLayout["grid"],
): Candidate[] {
  const narrow = bottlenecks(graph, path);
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const [, h, w] = candidate.grid;
    if (h * w <= deepest[1] * deepest[2] || isNorm(candidate.maker)) continue;
    const key = `${h}x${w}`;
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  return [...groups.values()]
    .map((group) => {
      const passed = group.filter(({ name }) => narrow.has(name));
      const fewest = Math.min(...passed.map(({ grid }) => grid[0]));
      return passed.findLast(({ grid }) => grid[0] === fewest) ?? group.at(-1);
    })
    .filter((candidate) => candidate !== undefined)
    .toSorted((a, b) => a.grid[1] * a.grid[2] - b.grid[1] * b.grid[2]);
}

function isNorm(node: Node): boolean {
  return node.op.endsWith("Normalization");
}

/** Next to a scale-free tap, the output of the norm that reads it. */
function withNorm(
  choice: Choice | undefined,
  candidates: readonly Candidate[],
  graph: Graph,
): Choice[] {
  if (!choice) return [];
  const readers = consumersOf(graph);
  if (!isScaleFree(choice.candidate.name, readers, 0)) return [];
  const after = descendantsOf(graph, [choice.candidate.name]);
  const [, h, w] = choice.candidate.grid;
  const norm = candidates.find(
    ({ name, grid, maker }) =>
      after.has(name) &&
      name !== choice.candidate.name &&
      grid[1] === h &&
      grid[2] === w &&
      maker.op === "LayerNormalization",
  );
  return norm ? [{ candidate: norm, reason: "normalised" }] : [];
}

/** Read by nothing but normalisations over the channels: its scale does not matter (Euler: Σ A·G = 0). */
function isScaleFree(
  name: string,
  consumers: ReadonlyMap<string, readonly Node[]>,
  depth: number,
): boolean {
  const readers = consumers.get(name) ?? [];
  if (readers.length === 0 || depth > 4) return false;
  const isParts =
    readers.length === 2 &&
    readers.some(({ op, inputs }) => op === "Sub" && inputs[0] === name) &&
    readers.some(({ op }) => op === "ReduceMean");
  if (isParts) return true;
  return readers.every(
    (node) =>
      node.op === "LayerNormalization" ||
      ((node.op === "Transpose" || node.op === "Identity") &&
        isScaleFree(node.outputs[0] ?? "", consumers, depth + 1)),
  );
}

/**
 * Tokens. After the last attention over all tokens, patch tokens no longer reach a class token: its input is the
 * default. Attention within windows (Swin) mixes too little for that: what the last block's second norm gives.
 */
function tokenTaps(
  candidates: readonly Candidate[],
  attentions: readonly Attention[],
  graph: Graph,
): Choice[] {
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const inputs = attentions.flatMap(({ inputs }) => {
    const candidate = inputs.map((name) => byName.get(name)).find(Boolean);
    return candidate ? [candidate] : [];
  });
  const end = candidates.at(-1);
  if (!end) return [];
  const lastInput = inputs.at(-1);
  const after = lastInput ? descendantsOf(graph, [lastInput.name]) : new Set<string>();
  const readers = consumersOf(graph);
  const width = end.grid[0];
  const norm2 = candidates.findLast(
    ({ name, grid }) =>
      grid[0] === width &&
      after.has(name) &&
      (readers.get(name) ?? []).some(({ op }) => op === "MatMul" || op === "Gemm"),
  );
  const before: Choice[] = inputs.toReversed().map((candidate, i) => ({
    candidate,
    reason: i === 0 ? "tokens-before-attention" : "earlier-resolution",
  }));
  const pooled: Choice[] =
    end.prefixTokens === 0 ? [{ candidate: end, reason: "tokens-pooled" }] : [];
  const hasWindows = attentions.some(({ isWindowed }) => isWindowed);
  const second: Choice[] =
    norm2 && norm2 !== lastInput && end.prefixTokens === 0
      ? [{ candidate: norm2, reason: "normalised" }]
      : [];
  const [nearest, ...rest] = before;
  const spread = rest.filter(
    ({ candidate }, i) => candidate.grid[1] !== rest[i - 1]?.candidate.grid[1] || i === 0,
  );
  if (hasWindows) return [...second, ...(nearest ? [nearest] : []), ...pooled, ...spread];
  return [...(nearest ? [nearest] : []), ...second, ...pooled, ...rest];
}
