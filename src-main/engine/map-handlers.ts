import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods as methodFacts } from "../../shared/domain/methods.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { DeviceSetting } from "../../shared/domain/device.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { AppError, fail, toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { methodById } from "./cam/registry.ts";
import { differentiates, gradientKind } from "./cam/support.ts";
import { FitRun } from "./fit-run.ts";
import { exportModel } from "./export-model.ts";
import { decodeImage } from "./images/decode.ts";
import { inputSize, prepareInto } from "./images/prepare.ts";
import { stackInputs } from "./input-batch.ts";
import { MapRun } from "./map-run.ts";
import { openAnyModel, type AnyModel } from "./open-any-model.ts";
import type { EngineRequests } from "./protocol.ts";
import { openLayers } from "./open-layers.ts";
import { openOthers, type OpenedOthers } from "./open-others.ts";
import { OpenedRuns } from "./opened-runs.ts";

type MapRequest =
  | "inspect"
  | "openRun"
  | "maps"
  | "classMaps"
  | "closeRun"
  | "fitVectors"
  | "solveFit"
  | "predict"
  | "exportGraph"
  | "crossCheck";
type MapHandlers = {
  [Name in MapRequest]: (input: EngineRequests[Name]["in"]) => Promise<EngineRequests[Name]["out"]>;
};

/** A run, and what was opened for it. */
class OpenedRun {
  readonly run: MapRun;
  readonly model: AnyModel;
  readonly #others: OpenedOthers;
  #fit: FitRun | null = null;

  constructor(run: MapRun, model: AnyModel, others: OpenedOthers) {
    this.run = run;
    this.model = model;
    this.#others = others;
  }

  /** Of a method that learns, from when it is asked to. */
  get fit(): FitRun {
    return (this.#fit ??= new FitRun(this.run));
  }

  async close(): Promise<void> {
    await this.#fit?.close();
    await this.run.close();
    await this.#others.close();
    await this.model.close();
  }
}

/** What the maps engine answers: models, runs and predictions. */
export function mapHandlers(setting: () => DeviceSetting): MapHandlers {
  const opened = new OpenedRuns<OpenedRun>();
  return {
    inspect: async ({ modelPath }) => {
      const model = await openAnyModel(modelPath);
      await model.close();
      return model.description;
    },
    openRun: async (spec) => {
      const { widthPx, heightPx } = spec.preparation;
      const model = await openAnyModel(spec.modelPath, { widthPx, heightPx });
      const toClose: TapSession[] = [];
      try {
        requireTarget(model.description, spec.target);
        const { session, tap, layers, device } = await openLayers(spec, (name) =>
          model.openFor({
            tap: name,
            setting: setting(),
            dims: stackInputs([new Float32Array(inputSize(spec.preparation))], spec.preparation)
              .dims,
            differentiates: (opened) =>
              differentiates(methodById(spec.method ?? defaultMethod(opened))),
          }),
        );
        const sessions = layers?.sessions ?? [session];
        toClose.push(...sessions);
        const method = spec.method ?? (layers ? "layercam" : defaultMethod(session));
        const given = spec.others ?? [];
        requireOthers(method, spec.target, given.length);
        if (given.length === 0) for (const one of sessions) requireMethod(one, method);
        if (layers && methodFacts[method].isFitted)
          fail("run/fusion-learns", { method: methodFacts[method].label });
        if (spec.secondMethod && methodFacts[spec.secondMethod].isFitted)
          fail("method/needs-labels", { method: methodFacts[spec.secondMethod].label });
        const secondMethod = spec.secondMethod ?? secondFor(sessions, method);
        const others = await openOthers(given, model.description, { widthPx, heightPx });
        const parts = { layers, others: others.models };
        const run = new MapRun({ ...spec, method, secondMethod }, session, parts);
        const handle = opened.add(new OpenedRun(run, model, others));
        return {
          handle,
          description: model.description,
          tap,
          gradient: gradientKind(methodById(method), session.head),
          method,
          secondMethod,
          device,
          others: others.facts,
        };
      } catch (cause) {
        await Promise.all([...toClose, model].map((one) => one.close()));
        throw cause;
      }
    },
    maps: async ({ handle, items, batch, ahead }) =>
      opened.get(handle).run.maps(items, batch, ahead),
    classMaps: async ({ handle, item, classes }) => {
      const { model, run } = opened.get(handle);
      for (const index of classes) requireTarget(model.description, { kind: "class", index });
      return run.classMaps(item, classes);
    },
    closeRun: ({ handle }) => opened.close(handle),
    fitVectors: async ({ handle, items }) => opened.get(handle).fit.vectors(items),
    solveFit: async ({ handle, pack, options }) => opened.get(handle).fit.solve(pack, options),
    predict: ({ modelPath, preparations, paths }) => predict(modelPath, preparations, paths),
    exportGraph: (request) => exportModel(request),
    // Brings TensorFlow.js with it, which nothing else here needs.
    crossCheck: async (request) => (await import("./cross-check.ts")).crossCheck(request),
  };
}

/** `cam` on a pooled linear head, else `hirescam`; at a scale-free tap `grad-cam` (`inputs.md` 6). */
function defaultMethod(session: TapSession): MethodId {
  const wanted: MethodId =
    session.head.kind === "pooled-linear"
      ? "cam"
      : session.tap.isScaleFree
        ? "grad-cam"
        : "hirescam";
  return isSupported(session, wanted) ? wanted : "recipro-cam";
}

function secondFor(sessions: readonly TapSession[], method: MethodId): MethodId | null {
  const second: MethodId = method === "recipro-cam" ? "grad-cam" : "recipro-cam";
  return sessions.every((session) => isSupported(session, second)) ? second : null;
}

/** Further models go to a method that compares them, and are all of one class. */
function requireOthers(method: MethodId, target: Target, count: number): void {
  if (count === 0) return;
  if (method !== "rcs-mlff-binary")
    fail("run/others-unused", { method: methodFacts[method].label });
  if (target.kind !== "class") fail("run/others-class", {});
}

function isSupported({ methods }: TapSession, id: MethodId): boolean {
  return methods.some(({ method, supported }) => method === id && supported);
}

/** A single output has two classes, its negative and its positive side. */
export function requireTarget({ output }: ModelDescription, target: Target): void {
  const last = Math.max(1, output.classes - 1);
  if (target.kind === "class" && target.index > last) {
    fail("run/no-such-class", { index: target.index, last });
  }
}

function requireMethod({ methods }: TapSession, id: MethodId): void {
  const found = methods.find(({ method }) => method === id);
  if (found?.supported) return;
  if (found?.refusal) throw new AppError(found.refusal.code, found.refusal.details);
  fail("method/unsupported", { method: methodFacts[id].label });
}

const predictBatch = 16;

/** Logits per preparation and image; every picture is decoded once. */
async function predict(
  modelPath: string,
  preparations: readonly Preparation[],
  paths: readonly string[],
): Promise<(Float32Array | ErrorJson)[][]> {
  const answers: (Float32Array | ErrorJson)[][] = preparations.map(() => []);
  const [first] = preparations;
  const model = await openAnyModel(modelPath, { widthPx: first.widthPx, heightPx: first.heightPx });
  try {
    for (let from = 0; from < paths.length; from += predictBatch) {
      const chunk = paths.slice(from, from + predictBatch);
      const [{ window }] = preparations; // one dataset is fed by one window
      const decoded = await Promise.all(
        chunk.map((path) => decodeImage(path, undefined, window).catch(toErrorJson)),
      );
      for (const [i, preparation] of preparations.entries()) {
        const size = inputSize(preparation);
        const inputs: Float32Array[] = [];
        const outcome = decoded.map((image, at): ErrorJson | number => {
          if ("code" in image) return image;
          const input = new Float32Array(size);
          try {
            prepareInto(image, preparation, input, chunk[at]);
          } catch (cause) {
            return toErrorJson(cause);
          }
          return inputs.push(input) - 1;
        });
        const logits =
          inputs.length > 0 ? await model.predict(stackInputs(inputs, preparation)) : null;
        for (const one of outcome) {
          answers[i].push(typeof one === "number" ? rowOf(logits, one) : one);
        }
      }
    }
  } finally {
    await model.close();
  }
  return answers;
}

function rowOf(logits: Tensor | null, row: number): Float32Array {
  if (!logits) throw new RangeError("no logits");
  const classes = logits.data.length / logits.dims[0];
  return logits.data.slice(row * classes, (row + 1) * classes);
}
