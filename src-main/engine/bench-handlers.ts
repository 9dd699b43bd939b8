import { referenceIds } from "../../shared/domain/bench.ts";
import { cheapForwards, type BenchSpec, type OpenedBench } from "../../shared/domain/bench-run.ts";
import type { DeviceSetting } from "../../shared/domain/device.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods as methodFacts } from "../../shared/domain/methods.ts";
import type { MethodSupport } from "../../shared/domain/model.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { BenchRun } from "./bench-run.ts";
import { methodById } from "./cam/registry.ts";
import { differentiates } from "./cam/support.ts";
import { requireTarget } from "./map-handlers.ts";
import { openAnyModel } from "./open-any-model.ts";
import { OpenedRuns } from "./opened-runs.ts";
import { inputSize } from "./images/prepare.ts";
import { stackInputs } from "./input-batch.ts";
import type { EngineRequests } from "./protocol.ts";

type BenchRequest = "openBench" | "benchNext" | "closeBench";
type BenchHandlers = {
  [Name in BenchRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** What the maps engine answers about method benches. */
export function benchHandlers(setting: () => DeviceSetting): BenchHandlers {
  const opened = new OpenedRuns<Pick<BenchRun, "next" | "close">>();
  return {
    openBench: async (spec) => {
      const { widthPx, heightPx } = spec.preparation;
      const model = await openAnyModel(spec.modelPath, { widthPx, heightPx });
      try {
        requireTarget(model.description, spec.target);
        const { session, device } = await model.openFor({
          tap: spec.tap,
          setting: setting(),
          dims: stackInputs([new Float32Array(inputSize(spec.preparation))], spec.preparation).dims,
          differentiates: (tried) =>
            supported(tried, spec).chosen.some(({ method }) => differentiates(methodById(method))),
        });
        const { chosen, unsupported } = supported(session, spec);
        const [first] = unsupported;
        if (chosen.length === 0 && first) throw new AppError(first.error.code, first.error.details);
        if (chosen.length === 0 && spec.methods.length > 0) fail("bench/no-method", {});
        const run = new BenchRun(
          spec,
          session,
          chosen.map(({ method }) => method),
        );
        const handle = opened.add({
          next: (call) => run.next(call),
          close: async () => {
            await run.close();
            await model.close();
          },
        });
        const references = referenceIds.map((id) => ({
          id,
          forwards: id === "mean-activation" ? 1 : 0,
        }));
        const columns = chosen.map(({ method, forwards }) => ({ id: method, forwards }));
        const { tap } = session;
        return { handle, tap, device, columns: [...columns, ...references], unsupported };
      } catch (cause) {
        await model.close();
        throw cause;
      }
    },
    benchNext: async ({ handle, ...call }) => opened.get(handle).next(call),
    closeBench: ({ handle }) => opened.close(handle),
  };
}

/** Methods that take part, in the order asked for; of a list, those that cannot are named with their reasons. */
function supported(
  session: TapSession,
  { methods: asked }: BenchSpec,
): {
  readonly chosen: readonly MethodSupport[];
  readonly unsupported: OpenedBench["unsupported"];
} {
  // What learns from labelled items first works as a run of an audit.
  const all = session.methods.map((one): MethodSupport => {
    const { isFitted, label: method } = methodFacts[one.method];
    if (!isFitted) return one;
    return {
      ...one,
      supported: false,
      refusal: { code: "method/needs-labels", details: { method } },
    };
  });
  const able = all.filter((one) => one.supported);
  if (asked === "all") return { chosen: able, unsupported: [] };
  if (asked === "all-cheap")
    return { chosen: able.filter(({ forwards }) => forwards <= cheapForwards), unsupported: [] };
  const find = (id: MethodId) => all.find(({ method }) => method === id);
  return {
    chosen: [...new Set(asked)].flatMap((id) => able.find(({ method }) => method === id) ?? []),
    unsupported: asked.flatMap((method) => {
      const found = find(method);
      if (found?.supported) return [];
      const { code, details } =
        found?.refusal ??
        new AppError("method/unsupported", { method: methodFacts[method].label }).toJSON();
      return [{ method, error: { code, details } }];
    }),
  };
}
