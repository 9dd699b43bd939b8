import type { MethodId } from "../../../shared/domain/methods.ts";
import { cam } from "./cam.ts";
import { gradCam } from "./grad-cam.ts";
import { gradCamElementwise } from "./grad-cam-elementwise.ts";
import { gradCamPlusPlus } from "./grad-cam-plus-plus.ts";
import { hiResCam } from "./hirescam.ts";
import { layerCam } from "./layercam.ts";
import type { Method } from "./method.ts";
import { xGradCam } from "./xgrad-cam.ts";

const methods = [
  cam,
  gradCam,
  hiResCam,
  gradCamElementwise,
  gradCamPlusPlus,
  xGradCam,
  layerCam,
] as const;

const byId: ReadonlyMap<string, Method> = new Map(methods.map((method) => [method.id, method]));

/** The method behind an id; `shared/domain/methods.ts` holds what people are told of it. */
export function methodById(id: MethodId): Method {
  const method = byId.get(id);
  if (!method) throw new RangeError(`no method "${id}"`);
  return method;
}
