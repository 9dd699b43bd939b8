import type { MethodId } from "../../../shared/domain/method-id.ts";
import type { Reason, RegionKind, Verdict } from "../../../shared/domain/review.ts";
import { sequence, text, type DataElements, type WriteElement } from "../../dicom/write/element.ts";

/** A coded term (PS3.16): value, scheme, meaning. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** Scheme of the terms that no public one has; named in each file that uses it. */
export const ownScheme = "99HANSIGHT";

export function dcm(value: string, meaning: string): Code {
  return { value, scheme: "DCM", meaning };
}

export function own(value: string, meaning: string): Code {
  return { value, scheme: ownScheme, meaning };
}

/** The code sequence macro. */
export function codeItem({ value, scheme, meaning }: Code): DataElements {
  return [
    text(0x00080100, "SH", value),
    text(0x00080102, "SH", scheme),
    text(0x00080104, "LO", meaning),
  ];
}

export function coded(tag: number, ...codes: Code[]): WriteElement {
  return sequence(tag, ...codes.map(codeItem));
}

/** CID 217, "Visual Explanation Kind". */
const explanations = {
  activation: dcm("130402", "Class activation"),
  gradient: dcm("130403", "Gradient-weighted class activation"),
  saliency: dcm("130404", "Saliency"),
} as const;

/** Kinds of map that rest on the gradient as a weight of activations. */
const gradientWeighted = new Set<MethodId>([
  "grad-cam",
  "hirescam",
  "grad-cam-elementwise",
  "grad-cam++",
  "xgrad-cam",
  "layercam",
  "eigen-grad-cam",
  "smooth-grad-cam++",
  "finer-cam",
  "fd-cam",
  "shapley-cam",
  "recam",
  "vs-cam",
  "extended-cam",
]);
/** Kinds of map that show importance of the input's parts without class weights of activations. */
const salient = new Set<MethodId>([
  "fullgrad",
  "attention-rollout",
  "attention-relevance",
  "grad-cam-attention",
  "legrad",
]);

/** What kind of visual explanation a method's maps are. */
export function explanationOf(method: MethodId): Code {
  if (gradientWeighted.has(method)) return explanations.gradient;
  return salient.has(method) ? explanations.saliency : explanations.activation;
}

/** How verdicts, reasons and kinds of region read in other programs; English, as the codes' meanings are. */
export const verdictCodes: Readonly<Record<Verdict, Code>> = {
  sound: own("V1", "Sound: heat lies on the evidence"),
  spurious: own("V2", "Spurious: heat lies on what should not matter"),
  mixed: own("V3", "Mixed: heat on evidence and elsewhere"),
  unclear: own("V4", "Unclear from this map"),
  unreliable: own("V5", "Map unreliable"),
};

export const reasonCodes: Readonly<Record<Reason, Code>> = {
  marker: own("R-M", "Side marker, text or number"),
  device: own("R-D", "Device, drain, tube, lead or clip"),
  border: own("R-B", "Border, collimation, padding or frame"),
  pen: own("R-P", "Pen mark, ruler, scale or sticker"),
  watermark: own("R-W", "Watermark, logo or date stamp"),
  anatomy: own("R-A", "Anatomy or part that is not the evidence"),
  companion: own("R-C", "Another object that often comes along"),
  background: own("R-H", "Hair, background, surface or weather"),
  lighting: own("R-L", "Lighting, exposure or sharpness"),
  site: own("R-S", "Look of a site, scanner or camera"),
  other: own("R-O", "Other reason"),
};

export const regionCodes: Readonly<Record<RegionKind, Code>> = {
  evidence: own("K-E", "Evidence region"),
  shortcut: own("K-S", "Shortcut region"),
  ignore: own("K-I", "Region to ignore"),
  identity: own("K-N", "Identity region"),
};
