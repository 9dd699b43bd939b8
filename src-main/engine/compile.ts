import { AppError, fail, toErrorJson } from "../../shared/errors/app-error.ts";
import type { ReadScore } from "../../shared/domain/engine.ts";
import type { TapDescription } from "../../shared/domain/model.ts";
import type { MapPlace, RelevancePath } from "../../shared/domain/relevance.ts";
import type { AttentionStructure, ModelStructure } from "../../shared/domain/structure.ts";
import type { WeightChanges, WeightLayer } from "../../shared/domain/weights.ts";
import { appendBackward } from "./gradients/backward.ts";
import type { Evaluate } from "./onnx/evaluation.ts";
import type { Graph, Node, Shapes } from "./onnx/graph.ts";
import { countOf } from "./onnx/constant.ts";
import { ancestorsOf, pruned, withOutputs } from "./onnx/walk.ts";
import type { Model } from "./onnx/wire.ts";
import { findAttentionSites } from "./passes/attention-sites.ts";
import { freeBatch } from "./passes/batch.ts";
import { findBiasTerms } from "./passes/bias-terms.ts";
import { appendBlockScores } from "./passes/block-scores.ts";
import { findClassRows } from "./passes/class-rows.ts";
import { costOf } from "./passes/cost.ts";
import { defuse } from "./passes/defuse.ts";
import { findTooLarge, fold } from "./passes/fold.ts";
import { fromGrid, viewAsGrid, viewCorner, viewPrefix } from "./passes/grid.ts";
import { findLastMap } from "./passes/last-map.ts";
import { findImageInput, pictureDims, type ImageInput } from "./passes/image-input.ts";
import { findLogits, findTrainingNode, type Logits } from "./passes/logits.ts";
import { appendMaskedGradient, findMaskedHead } from "./passes/masked-head.ts";
import { normalise } from "./passes/normalise.ts";
import { scoreCandidates } from "./passes/outputs.ts";
import { CannotRaise, raise } from "./passes/raise.ts";
import { appendSeed } from "./passes/seed.ts";
import { assumedField, receptiveFields } from "./passes/receptive-field.ts";
import { bakeIntegers, findShapes } from "./passes/shapes.ts";
import { cutTail } from "./passes/tail.ts";
import { describeTap, findTaps, pathTo } from "./passes/taps.ts";
import { findFixedWeights, findWeightLayers, replaceWeights } from "./passes/weight-layers.ts";
import { findVertexGraphs } from "./passes/vertex-graph.ts";
import { widen } from "./passes/widen.ts";
import { appendRelevance } from "./relevance/sweep.ts";

/**
 * The graph compiler: ONNX Runtime has no backward pass, so the model is rewritten until one `run` returns logits, tap
 * and gradient. `analyse` brings a model into the one form that rules and taps are written for; the functions below it
 * make the graphs of a tap. Local functions of our own for the backward nodes were passed over: they are checked against
 * the model's opset anyway.
 */

/** A model in the form that taps and gradients work on. */
export interface AnalysedModel {
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** As the file states it; half-precision inputs are float32 in `graph`. */
  readonly image: ImageInput;
  readonly heightPx: number;
  readonly widthPx: number;
  /** The only batch size `graph` takes, where it could not be freed; null: any. */
  readonly fixedBatch: number | null;
  readonly logits: Omit<Logits, "graph" | "shapes">;
  /** The default first. */
  readonly taps: readonly TapDescription[];
}

/** Sizes for models that leave height and width free. */
export interface AnalyseOptions {
  readonly file: string;
  readonly heightPx?: number | undefined;
  readonly widthPx?: number | undefined;
}

const usualSide = 224;
const lowestOpset = 7;
/** No picture and no tensor that a node fills in is larger: 2 GiB of float32. */
const mostValues = 2 ** 29;
/** Domains whose operators the runtime may know. */
const knownDomains = new Set(["", "com.microsoft", "ai.onnx.ml", "com.microsoft.nchwc"]);

/** Runs the passes up to the taps. `evaluate` loads graphs on the runtime. Refuses with the catalogue's `model/…`. */
export async function analyse(
  model: Model,
  evaluate: Evaluate,
  options: AnalyseOptions,
): Promise<AnalysedModel> {
  try {
    return await analyseParsed(normalise(model), model.otherOutputs, evaluate, options);
  } catch (error) {
    throw asRefusal(error, options.file);
  }
}

async function analyseParsed(
  parsed: Graph,
  otherOutputs: readonly string[],
  evaluate: Evaluate,
  options: AnalyseOptions,
): Promise<AnalysedModel> {
  const { file } = options;
  const refuse = (why: string) => fail("model/unreadable", { file, why });
  if (parsed.opset < lowestOpset)
    refuse(`it is written in opset ${parsed.opset}, older than ${lowestOpset}`);
  const image = findImageInput(parsed);
  checkOperators(parsed, file);
  if (!image) fail("model/no-image-input", { file, inputs: listInputs(parsed) });
  const candidates = scoreCandidates(parsed, otherOutputs, image.name);
  if (candidates.length === 0)
    fail("model/not-a-classifier", { file, outputs: "no output of numbers" });
  const wanted = pruned(withOutputs(parsed, candidates));
  if (wanted.inputs.length > 1) fail("model/other-inputs", { file, inputs: listInputs(wanted) });
  const heightPx = image.heightPx ?? options.heightPx ?? usualSide;
  const widthPx = image.widthPx ?? options.widthPx ?? usualSide;
  const dims = pictureDims(image, heightPx, widthPx);
  if (countOf(dims) > mostValues) refuse(`its pictures would be ${heightPx} × ${widthPx}`);
  const filled = findTooLarge(wanted, mostValues);
  if (filled) refuse(`node "${filled.name}" fills in more values than there is memory for`);
  const raised = defuse(raise(widen(wanted)));
  const plain = burnIn(await fold(raised, evaluate), [image.fixedBatch ?? "N", ...dims]);
  return findParts(plain, evaluate, { file, image, heightPx, widthPx, dims, candidates });
}

interface Known extends Pick<AnalysedModel, "image" | "heightPx" | "widthPx"> {
  readonly file: string;
  readonly dims: readonly number[];
  readonly candidates: readonly string[];
}

async function findParts(plain: Graph, evaluate: Evaluate, known: Known): Promise<AnalysedModel> {
  const { file, image, dims, candidates } = known;
  const type = plain.inputs[0]?.type ?? "f32";
  const input = { name: image.name, type, dims, fixedBatch: image.fixedBatch };
  let shapes = await findShapes(plain, input, evaluate);
  let graph = bakeIntegers(plain, shapes);
  let { fixedBatch } = image;
  if (fixedBatch !== null) {
    const freed = await freeBatch(graph, shapes, input, evaluate);
    if (freed) [graph, shapes, fixedBatch] = [freed.graph, freed.shapes, null];
  }
  const isBoxes = graph.nodes.some(({ op }) => op === "NonMaxSuppression");
  const found = isBoxes ? undefined : findLogits(graph, shapes, candidates);
  if (!found) fail("model/not-a-classifier", { file, outputs: listOutputs(candidates, shapes) });
  const { graph: scored, shapes: known2, ...logits } = found;
  const training = findTrainingNode(scored);
  if (training) fail("model/training-mode", { file, op: training.op, node: training.name });
  const { heightPx, widthPx } = known;
  const parts = { graph: scored, shapes: known2, image, heightPx, widthPx };
  const taps = withFields(parts, findTaps(scored, known2, image.name, logits.name));
  return { ...parts, fixedBatch, logits, taps };
}

/** The taps with what their cells see of the picture. */
function withFields(
  {
    graph,
    shapes,
    image,
    heightPx,
    widthPx,
  }: Pick<AnalysedModel, "graph" | "shapes" | "image" | "heightPx" | "widthPx">,
  taps: readonly TapDescription[],
): TapDescription[] {
  const fieldOf = receptiveFields(graph, shapes, image.name);
  return taps.map((tap) => {
    const [, h, w] = tap.grid;
    const receptiveField = fieldOf(tap.name) ?? assumedField([heightPx, widthPx], [h, w]);
    return { ...tap, receptiveField };
  });
}

/** Free heights and widths take the size of the preparation. */
function burnIn(graph: Graph, dims: readonly (number | string)[]): Graph {
  return { ...graph, inputs: graph.inputs.map((input) => ({ ...input, dims })) };
}

function checkOperators(graph: Graph, file: string): void {
  const unknown = graph.nodes.find(({ domain }) => !knownDomains.has(domain));
  if (unknown) refuseOperator(unknown, file);
}

function refuseOperator(
  { domain, op, name }: Pick<Node, "domain" | "op" | "name">,
  file: string,
): never {
  fail("model/unknown-operator", { file, op: domain ? `${domain}:${op}` : op, node: name });
}

function listInputs(graph: Graph): string {
  return graph.inputs
    .map(({ name, type, dims }) => `"${name}" ${type}[${dims?.join(", ") ?? "?"}]`)
    .join(", ");
}

function listOutputs(names: readonly string[], shapes: Shapes): string {
  return names
    .map((name) => {
      const shape = shapes.get(name);
      return `"${name}" [${shape?.dims.map((dim, i) => (shape.batchFactor[i] ? "N" : dim)).join(", ") ?? "?"}]`;
    })
    .join(", ");
}

/** Cost of a graph's part in shares of the whole model. */
export function shareOf(model: AnalysedModel, part: Graph): number {
  return costOf(part, model.shapes) / costOf(model.graph, model.shapes);
}

/** What the graph shows beyond its taps, for the methods that look for it. */
export function structureOf(
  model: AnalysedModel,
  tap: TapDescription,
  tail: Pick<TailGraph, "crossing">,
): ModelStructure {
  const { graph, shapes, image, logits } = model;
  return {
    isReadable: true,
    vertexGraphs: findVertexGraphs(graph, shapes),
    layers: [tap, ...model.taps.filter(({ name }) => name !== tap.name)],
    classRows: once(() => findClassRows(graph, shapes, logits.name, logits.classes)),
    relevance: relevancePathTo(model, tap),
    attention: attentionOf(model),
    besideTap: tokensBeside(model, tap, tail),
    biases: once(() =>
      findBiasTerms(graph, shapes, pathTo(graph, shapes, image.name, logits.name), image.name),
    ),
  };
}

/** What crosses the cut of a token layer as tokens of the same grid. */
export function tokensBeside(
  { graph, shapes }: AnalysedModel,
  tap: TapDescription,
  { crossing }: Pick<TailGraph, "crossing">,
): readonly string[] {
  if (tap.layout !== "tokens") return [];
  const [, h, w] = tap.grid;
  return crossing.filter((name) => {
    const other = describeTap(graph, shapes, name);
    return (
      other?.layout === "tokens" &&
      other.prefixTokens === tap.prefixTokens &&
      other.grid[1] === h &&
      other.grid[2] === w
    );
  });
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | null = null;
  return () => (found ??= { value: find() }).value;
}

function attentionOf({ graph, shapes, image, logits }: AnalysedModel): AttentionStructure | null {
  return findAttentionSites(graph, shapes, pathTo(graph, shapes, image.name, logits.name));
}

/** What the runtime says of a model that it cannot load or run, as a refusal. */
function asRefusal(error: unknown, file: string): Error {
  if (error instanceof AppError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const cause = { cause: error };
  if (error instanceof RangeError && why.startsWith("it"))
    return new AppError("model/unreadable", { file, why }, cause);
  if (error instanceof CannotRaise)
    return new AppError("model/unreadable", { file, why: `${error.node.op}: ${why}` }, cause);
  const unknown =
    /([\w.:]+)\(-?\d+\) is not a registered function\/op/.exec(why) ??
    /No Op registered for (\S+) with/.exec(why);
  if (unknown) {
    const op = unknown[1] ?? "";
    const node = /In Node, \("([^"]*)"/.exec(why)?.[1] ?? op;
    return new AppError("model/unknown-operator", { file, op, node }, cause);
  }
  const line = why.split("\n")[0] ?? why;
  return new AppError("model/unreadable", { file, why: `the runtime says "${line}"` }, cause);
}

/** The tap of this name, the default for null; a name that is none of the candidates may still hold a map. */
export function tapNamed(model: AnalysedModel, name: string | null, file: string): TapDescription {
  const { graph, shapes, image, logits, taps } = model;
  if (name === null) return taps[0] ?? fail("tap/none", { model: file });
  const listed = taps.find((tap) => tap.name === name);
  if (listed) return listed;
  const known = taps.map((tap) => tap.name).join(", ");
  if (!shapes.has(name) || graph.constants.has(name)) fail("tap/unknown", { tap: name, known });
  const next = taps[0]?.name ?? "";
  if (!pathTo(graph, shapes, image.name, logits.name).has(name))
    fail("tap/no-path", { tap: name, next });
  const tap =
    describeTap(graph, shapes, name) ??
    pictureTap(model, name) ??
    fail("tap/unknown", { tap: name, known });
  return withFields(model, [tap])[0] ?? tap;
}

/** The picture as a layer, for maps at its full size; its layout is the model's own and not to be read off the graph. */
function pictureTap(model: AnalysedModel, name: string): TapDescription | undefined {
  if (name !== model.image.name || model.shapes.get(name)?.type !== "f32") return undefined;
  const place = placeOf(model, name);
  return { ...place, isDefault: false, isScaleFree: false, reason: "earlier-resolution" };
}

/** Every layer with weights that leads to the score, from the output to the input. Refuses with `sheet/…`. */
export function weightLayersOf(model: AnalysedModel, file: string): readonly WeightLayer[] {
  const graph = pruned(withOutputs(model.graph, [model.logits.name]));
  const fixed = findFixedWeights(graph);
  if (fixed) fail("sheet/fixed-weights", { file, op: fixed.op, node: fixed.name });
  const layers = findWeightLayers(graph);
  return layers.length > 0 ? layers : fail("sheet/no-weights", { file });
}

/** The same model with other weights: shapes, taps and names stay as they are. */
export function withWeights(model: AnalysedModel, changes: WeightChanges): AnalysedModel {
  return { ...model, graph: replaceWeights(model.graph, changes) };
}

/** A graph that runs on pictures, with the names of what it returns. */
export interface ForwardGraph {
  readonly graph: Graph;
  readonly logits: string;
  /** `[N,K,H,W]` */
  readonly activations: string;
  /** What a tail needs besides the activations, by the tail's input names. */
  readonly crossing: ReadonlyMap<string, string>;
}

/** Logits, the tap on its grid, and what else the tail reads. */
export function compileForward(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
): ForwardGraph {
  const view = viewAsGrid(model.graph, tap.name, tap);
  const crossing = new Map(tail.crossing.map((name) => [name, name]));
  let { graph } = view;
  if (tail.prefix) {
    const prefix = viewPrefix(graph, tap.name, tap);
    graph = prefix.graph;
    crossing.set(tail.prefix, prefix.view);
  }
  const logits = model.logits.name;
  const outputs = [...new Set([logits, view.view, ...crossing.values()])];
  return { graph: withOutputs(graph, outputs), logits, activations: view.view, crossing };
}

/** The tail as a graph on the grid of the tap. */
export interface TailGraph {
  readonly graph: Graph;
  /** Input: activations `[M,K,H,W]`. */
  readonly activations: string;
  readonly logits: string;
  readonly crossing: readonly string[];
  /** The input that takes the prefix tokens; null where there are none. */
  readonly prefix: string | null;
}

/** From changed activations to logits. */
export function compileTail(model: AnalysedModel, tap: TapDescription): TailGraph {
  const logits = model.logits.name;
  const { graph, crossing } = cutTail(
    model.graph,
    model.shapes,
    tap.name,
    logits,
    model.image.name,
  );
  if (tap.layout === "channels-first")
    return { graph, activations: tap.name, logits, crossing, prefix: null };
  const [activations, prefix] = [`${tap.name}/grid_in`, `${tap.name}/prefix_in`];
  const [k, h, w] = tap.grid;
  const whole = fromGrid(graph, tap.name, tap, activations, prefix);
  const [own, ...others] = graph.inputs;
  const batch = own?.dims?.[0] ?? "R";
  const type = "f32" as const;
  const hasPrefix = tap.prefixTokens > 0;
  const inputs = [
    { name: activations, type, dims: [batch, k, h, w] },
    ...(hasPrefix ? [{ name: prefix, type, dims: [batch, tap.prefixTokens, k] }] : []),
    ...others,
  ];
  return {
    graph: { ...whole, inputs },
    activations,
    logits,
    crossing,
    prefix: hasPrefix ? prefix : null,
  };
}

/** A tail with its backward pass: logits and gradients for changed activations, any number of rows per image. */
export interface TailGradientGraph {
  readonly graph: Graph;
  /** Input `[R,C]`: weights of the logits of each row. */
  readonly seed: string;
  readonly logits: string;
  /** `[R,K,H,W]` */
  readonly gradients: string;
}

/** The backbone is not run again: rows are classes of one image, or activations moved a little. Refuses as `compileGradient`. */
export function compileTailGradient(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
): TailGradientGraph {
  const seed = "tail_seed";
  const { logits } = tail;
  const { shapes } = model;
  const backward = appendBackward({ graph: tail.graph, shapes, taps: [tap.name], logits, seed });
  const view = viewAsGrid(backward.graph, backward.gradients.get(tap.name) ?? "", tap);
  return {
    graph: pruned(withOutputs(view.graph, [logits, view.view])),
    seed,
    logits,
    gradients: view.view,
  };
}

/** Logits, activations and gradients in one run. */
export interface GradientGraph {
  readonly graph: Graph;
  readonly logits: string;
  readonly activations: string;
  readonly gradients: string;
  readonly seed: SeedInputs;
}

/** How a gradient graph is told which scores: all logits' weights, or a few classes and theirs. */
export type SeedInputs =
  | { readonly kind: "dense"; readonly weights: string; readonly automatic: string }
  | {
      readonly kind: "sparse";
      readonly picked: string;
      readonly shares: string;
      readonly automatic: string;
    };

/** The model with its backward pass appended. Refuses with the catalogue's `gradient/…` and `tap/no-path`. */
export function compileGradient(model: AnalysedModel, tap: TapDescription): GradientGraph {
  const logits = model.logits.name;
  const masked = compileMasked(model, tap);
  if (masked) return masked;
  const { graph, seed, weights, automatic } = appendSeed(model.graph, logits, model.logits.classes);
  const backward = appendBackward({ graph, shapes: model.shapes, taps: [tap.name], logits, seed });
  const forwardView = viewAsGrid(backward.graph, tap.name, tap);
  const gradient = backward.gradients.get(tap.name) ?? "";
  const gradientView = viewAsGrid(forwardView.graph, gradient, tap);
  const [activations, gradients] = [forwardView.view, gradientView.view];
  const outputs = [logits, activations, gradients];
  return {
    graph: pruned(withOutputs(gradientView.graph, outputs)),
    logits,
    activations,
    gradients,
    seed: { kind: "dense", weights, automatic },
  };
}

/** SqueezeNet's kind of head, whose gradient is one mask away from a closed form. */
function compileMasked(model: AnalysedModel, tap: TapDescription): GradientGraph | null {
  if (tap.layout !== "channels-first") return null;
  const { name: logits, classes } = model.logits;
  const tail = cutTail(model.graph, model.shapes, tap.name, logits, model.image.name);
  const head = findMaskedHead(tail, model.shapes, tap.name);
  if (!head) return null;
  const { graph, gradients, ...inputs } = appendMaskedGradient(
    model.graph,
    head,
    tap.name,
    tap.grid,
    logits,
    classes,
  );
  return {
    graph: withOutputs(graph, [logits, tap.name, gradients]),
    logits,
    activations: tap.name,
    gradients,
    seed: { kind: "sparse", ...inputs },
  };
}

/** Logits, some values by name, and the score's gradients there, in one run. */
export interface ReadingGraph {
  readonly graph: Graph;
  readonly logits: string;
  /** By the value's name; those that lead to the logits. Empty unless differentiated. */
  readonly gradients: ReadonlyMap<string, string>;
  /** The input that takes the seed `[N,C]`. */
  readonly seed: string | null;
}

/**
 * The model with values of its inside as outputs, and the slopes of a score there; null: none. Refuses with the catalogue's
 * `tap/unknown` and `gradient/…`.
 */
export function compileReading(
  model: AnalysedModel,
  names: readonly string[],
  score: ReadScore | null,
): ReadingGraph {
  const { graph, shapes, image } = model;
  const logits = model.logits.name;
  for (const name of names)
    if (!shapes.has(name))
      fail("tap/unknown", { tap: name, known: model.taps.map((tap) => tap.name).join(", ") });
  const outputs = (gradients: Iterable<string> = []) => [
    ...new Set([logits, ...names, ...gradients]),
  ];
  if (score === null)
    return { graph: withOutputs(graph, outputs()), logits, gradients: new Map(), seed: null };
  const seed = "reading_seed";
  const backward = score === "model" ? ofLogits() : ofOwnBlocks(model, names, seed);
  const whole = withOutputs(backward.graph, outputs(backward.gradients.values()));
  return { graph: pruned(whole), logits, gradients: backward.gradients, seed };

  function ofLogits() {
    const path = pathTo(graph, shapes, image.name, logits);
    const taps = names.filter((name) => path.has(name) || name === image.name);
    return appendBackward({ graph, shapes, taps, logits, seed });
  }
}

/** Of each attention the slope of its own block's score: one backward pass each, no longer than the rest of the block. */
function ofOwnBlocks(
  model: AnalysedModel,
  names: readonly string[],
  seed: string,
): Pick<ReadingGraph, "gradients" | "graph"> {
  const attention = attentionOf(model);
  const sites = attention && "sites" in attention ? attention.sites : [];
  const blocks = sites.filter(({ probabilities }) => names.includes(probabilities));
  const outputs = blocks.map(({ output }) => output ?? "");
  const last = sites.at(-1)?.output ?? "";
  const scored = appendBlockScores(model, last, outputs);
  const gradients = new Map<string, string>();
  let { graph } = scored;
  blocks.forEach(({ probabilities }, i) => {
    const taps = [probabilities];
    const logits = scored.scores[i] ?? "";
    const backward = appendBackward({ graph, shapes: scored.shapes, taps, logits, seed });
    graph = backward.graph;
    for (const [name, gradient] of backward.gradients) gradients.set(name, gradient);
  });
  return { graph, gradients };
}

/** Components at one map in, relevance at an earlier one out, both `[N,K,H,W]` on their grids. */
export interface RelevanceGraph {
  readonly graph: Graph;
  readonly components: string;
  readonly relevance: string;
  readonly extended: readonly string[];
  readonly batchNorms: number;
  /** In plain forward passes, the one within it included. */
  readonly forwards: number;
}

/** The model with a sweep from map to map appended; `to` may be the picture. Refuses with the catalogue's `relevance/…`. */
export function compileRelevance(model: AnalysedModel, from: string, to: string): RelevanceGraph {
  const { graph, shapes, image } = model;
  const [start, end] = [placeOf(model, from), placeOf(model, to)];
  const [seed, components] = ["relevance_seed", "relevance_components"];
  const sweep = appendRelevance({ graph, shapes, from, to, image: image.name, seed });
  const view = viewAsGrid(sweep.graph, sweep.relevance, end);
  const whole = fromGrid(view.graph, seed, start, components, "");
  const input = { name: components, type: "f32" as const, dims: ["N", ...start.grid] };
  const inputs = [...graph.inputs, input];
  const compiled = pruned(withOutputs({ ...whole, inputs }, [view.view]));
  const known = new Map([...shapes, ...sweep.shapes]);
  const { extended, batchNorms } = sweep;
  const forwards = costOf(compiled, known) / costOf(graph, shapes);
  return { graph: compiled, components, relevance: view.view, extended, batchNorms, forwards };
}

function placeOf(model: AnalysedModel, name: string): MapPlace & { readonly prefixTokens: number } {
  const { image, graph, shapes, heightPx, widthPx } = model;
  if (name === image.name) {
    const layout = image.layout === "NCHW" ? "channels-first" : "channels-last";
    return { name, layout, grid: [image.channels, heightPx, widthPx], prefixTokens: 0 };
  }
  const place = describeTap(graph, shapes, name);
  if (!place) return fail("tap/unknown", { tap: name, known: tapNames(model) });
  if (place.layout === "tokens") fail("relevance/tokens", { tap: name });
  return place;
}

function tapNames(model: AnalysedModel): string {
  return model.taps.map(({ name }) => name).join(", ");
}

/** How an explanation comes back to a tap: at the default one it goes on to the picture. */
function relevancePathTo(model: AnalysedModel, tap: TapDescription): RelevancePath {
  const { graph, shapes, image, logits, taps } = model;
  try {
    const last = findLastMap(graph, shapes, image.name, logits.name, taps);
    // A layer that the last map does not depend on, such as class maps, is where its explanation begins.
    const isEarlier =
      last !== undefined && (tap.isDefault || ancestorsOf(graph, [last.name]).has(tap.name));
    const from = placeOf(model, isEarlier ? last.name : tap.name);
    const to = placeOf(model, tap.isDefault ? image.name : tap.name);
    const { extended, batchNorms, forwards } = compileRelevance(model, from.name, to.name);
    compileReading(model, [from.name], "model"); // the components need a gradient there
    const tail = cutTail(graph, shapes, from.name, logits.name, image.name);
    return {
      kind: "open",
      from,
      to,
      isPicture: to.name === image.name,
      extended,
      batchNorms,
      forwards: 1 + shareOf(model, tail.graph) + forwards,
    };
  } catch (error) {
    return { kind: "refused", refusal: toErrorJson(error) };
  }
}

/** Where no backward node reads an activation: from a seed alone to the gradient, `[N,K,H,W]`. */
export interface AffineGradient {
  readonly graph: Graph;
  readonly seed: string;
  readonly gradients: string;
  /** The same at the first position alone, `[N,K,1,1]`: all of a head whose weights do not depend on it. */
  readonly corner: { readonly graph: Graph; readonly gradients: string };
}

/**
 * The gradient as a function of the class alone, where the tail is affine in the tap; null where it is not. Nothing is
 * matched: the backward nodes are looked at. A tail that reads more than the tap has no weights of its own either.
 */
export function compileAffine(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
): AffineGradient | null {
  if (tail.crossing.length > 0 || tail.prefix) return null;
  const seed = "affine_seed";
  const logits = model.logits.name;
  const { graph, shapes } = model;
  const backward = appendBackward({ graph, shapes, taps: [tap.name], logits, seed });
  if (backward.readsForward) return null;
  const view = viewAsGrid(backward.graph, backward.gradients.get(tap.name) ?? "", tap);
  const alone = pruned(withOutputs(view.graph, [view.view]));
  if (alone.inputs.some(({ name }) => name !== seed)) return null;
  const first = viewCorner(alone, view.view);
  const corner = { graph: withOutputs(first.graph, [first.view]), gradients: first.view };
  return { graph: alone, seed, gradients: view.view, corner };
}
