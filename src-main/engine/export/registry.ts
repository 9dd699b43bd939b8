import type { MethodId } from "../../../shared/domain/method-id.ts";
import { ablationCam, cam, gradCam, gradCamPlusPlus, xGradCam } from "./channel-weights.ts";
import { fdCam } from "./fd-cam.ts";
import type { MapExport } from "./map-writer.ts";
import { gradCamElementwise, hiResCam, layerCam } from "./pointwise.ts";
import { reciproCam } from "./recipro-cam.ts";

const exports = {
  cam,
  "grad-cam": gradCam,
  hirescam: hiResCam,
  "grad-cam-elementwise": gradCamElementwise,
  "grad-cam++": gradCamPlusPlus,
  "xgrad-cam": xGradCam,
  layercam: layerCam,
  "recipro-cam": reciproCam,
  "ablation-cam": ablationCam,
  "fd-cam": fdCam,
} satisfies Readonly<Partial<Record<MethodId, MapExport>>>;

/** Methods whose map is a formula that fits into a graph. */
export const exportedMethods = Object.keys(exports) as readonly (keyof typeof exports)[]; // its own keys

/** The nodes of a method; undefined for one that orders passes, samples or solves. */
export function mapExportOf(method: MethodId): MapExport | undefined {
  return (exports as Partial<Record<MethodId, MapExport>>)[method]; // looked up by any id
}
