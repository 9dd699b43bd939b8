import type { TapDescription } from "../../../shared/domain/model.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { describeTap, pathTo } from "../passes/taps.ts";
import { withFields } from "./analyse.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import { placeOf } from "./relevance.ts";

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

/** The names of the candidates, for refusals. */
export function tapNames(model: AnalysedModel): string {
  return model.taps.map(({ name }) => name).join(", ");
}
