import type { TapDescription } from "../../../shared/domain/model.ts";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import { countOf } from "../onnx/constant.ts";
import type { Evaluate } from "../onnx/evaluation.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import type { Model } from "../onnx/wire.ts";
import { freeBatch } from "../passes/batch.ts";
import { defuse } from "../passes/defuse.ts";
import { findTooLarge, fold } from "../passes/fold.ts";
import { findImageInput, pictureDims } from "../passes/image-input.ts";
import { findLogits, findTrainingNode } from "../passes/logits.ts";
import { normalise } from "../passes/normalise.ts";
import { scoreCandidates } from "../passes/outputs.ts";
import { CannotRaise, raise } from "../passes/raise.ts";
import { assumedField, receptiveFields } from "../passes/receptive-field.ts";
import { bakeIntegers, findShapes } from "../passes/shapes.ts";
import { findTaps } from "../passes/taps.ts";
import { widen } from "../passes/widen.ts";
import type { AnalysedModel } from "./analysed-model.ts";

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
export function withFields(
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
