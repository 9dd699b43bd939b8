import type { Message } from "../catalogue.ts";

/** English: where a model runs, and why it does not run elsewhere. */
export const device = {
  "device.cpu": "CPU",
  "device.webgpu": "WebGPU",
  "device.cuda": "CUDA",
  "device.directml": "DirectML",
  "device.coreml": "CoreML",
  "device.tensorflow": "TensorFlow.js",
  "device.not-used": "{device} not used: {why}",
  "device.differs": "its maps differ from the processor's by {difference} of the largest value",
  "device.slower": "it is slower here than the processor",
  "device.unknown-here": "this computer's runtime was built without it",
  "device.refused": "it cannot be opened ({why})",
  "device.failed": "it cannot run this model ({why})",
} satisfies Record<string, Message>;
