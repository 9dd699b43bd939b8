import type { MethodId } from "../../../shared/domain/method-id.ts";
import type { ModelDescription } from "../../../shared/domain/model.ts";

/** A bench is asked for so many methods at most, and so many panes stand side by side. */
export const mostMethods = 4;

/** A method that costs this many plain forward passes or less is cheap, as `all-cheap` counts. */
const cheapForwards = 12;

/** Cheap ones that differ from one another, the widest known first. */
const candidates: readonly MethodId[] = [
  "layercam",
  "recipro-cam",
  "grad-cam++",
  "eigen-cam",
  "hirescam",
  "grad-cam",
  "cam",
  "legrad",
];

/** The run's method, its second, and cheap candidates, as far as the model supports them; four or fewer. */
export function defaultMethods(
  { head, methods }: Pick<ModelDescription, "head" | "methods">,
  run: { readonly method: MethodId; readonly secondMethod: MethodId | null } | null,
): readonly MethodId[] {
  const first = run?.method ?? (head === "pooled-linear" ? "cam" : "hirescam");
  const cheap = candidates.filter((id) =>
    methods.some(({ method, forwards }) => method === id && forwards <= cheapForwards),
  );
  const wanted = [first, ...(run?.secondMethod ? [run.secondMethod] : []), ...cheap];
  const supported = wanted.filter((id) =>
    methods.some((one) => one.method === id && one.supported),
  );
  return [...new Set(supported)].slice(0, mostMethods);
}

/** What `all-cheap` stands for in this model. */
export function cheapMethods({ methods }: Pick<ModelDescription, "methods">): readonly MethodId[] {
  return methods
    .filter(({ supported, forwards }) => supported && forwards <= cheapForwards)
    .map(({ method }) => method);
}
