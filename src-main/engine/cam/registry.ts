import type { MethodId } from "../../../shared/domain/method-id.ts";
import { ablationCam } from "./ablation-cam.ts";
import { adCam } from "./ad-cam.ts";
import { attentionRelevance } from "./attention-relevance.ts";
import { attentionRollout } from "./attention-rollout.ts";
import { cam } from "./cam.ts";
import { ccrm } from "./ccrm.ts";
import { clusterCam } from "./cluster-cam.ts";
import { eigenCam } from "./eigen-cam.ts";
import { eigenGradCam } from "./eigen-grad-cam.ts";
import { extendedCam } from "./extended-cam.ts";
import { fdCam } from "./fd-cam.ts";
import { fem } from "./fem.ts";
import { fgCam, fgCamDenoised } from "./fg-cam.ts";
import { finerCam } from "./finer-cam.ts";
import { fullGrad } from "./fullgrad.ts";
import { gradCamAttention } from "./grad-cam-attention.ts";
import { gradCamElementwise } from "./grad-cam-elementwise.ts";
import { gradCamPlusPlus } from "./grad-cam-plus-plus.ts";
import { gradCam } from "./grad-cam.ts";
import { hiResCam } from "./hirescam.ts";
import { isCam } from "./is-cam.ts";
import { kpcaCam } from "./kpca-cam.ts";
import { layerCam } from "./layercam.ts";
import { leGrad } from "./legrad.ts";
import type { Method } from "./method.ts";
import { reCam } from "./recam.ts";
import { rcsMlffBinary } from "./rcs-mlff-binary.ts";
import { rcsMlff } from "./rcs-mlff.ts";
import { reciproCam } from "./recipro-cam.ts";
import { scoreCam } from "./score-cam.ts";
import { smoothGradCamPlusPlus } from "./smooth-grad-cam-plus-plus.ts";
import { ssCam } from "./ss-cam.ts";
import { vsCam } from "./vs-cam.ts";
import { xGradCam } from "./xgrad-cam.ts";
import { shapleyCam } from "./shapley-cam.ts";

const methods = {
  cam,
  "grad-cam": gradCam,
  hirescam: hiResCam,
  "grad-cam-elementwise": gradCamElementwise,
  "grad-cam++": gradCamPlusPlus,
  "xgrad-cam": xGradCam,
  layercam: layerCam,
  "eigen-cam": eigenCam,
  "eigen-grad-cam": eigenGradCam,
  "score-cam": scoreCam,
  "ablation-cam": ablationCam,
  "recipro-cam": reciproCam,
  fem,
  "kpca-cam": kpcaCam,
  "finer-cam": finerCam,
  "smooth-grad-cam++": smoothGradCamPlusPlus,
  "is-cam": isCam,
  "ss-cam": ssCam,
  "fd-cam": fdCam,
  "cluster-cam": clusterCam,
  "shapley-cam": shapleyCam,
  "ad-cam": adCam,
  recam: reCam,
  "vs-cam": vsCam,
  "extended-cam": extendedCam,
  "rcs-mlff": rcsMlff,
  "rcs-mlff-binary": rcsMlffBinary,
  "fg-cam": fgCam,
  "fg-cam-denoised": fgCamDenoised,
  ccrm,
  "attention-rollout": attentionRollout,
  "attention-relevance": attentionRelevance,
  "grad-cam-attention": gradCamAttention,
  legrad: leGrad,
  fullgrad: fullGrad,
} satisfies Readonly<Record<MethodId, Method>>;

/** The method behind an id; `shared/domain/methods.ts` holds what people are told of it. */
export function methodById(id: MethodId): Method {
  return methods[id];
}
