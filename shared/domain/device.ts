/** Where a model may run: names as settings and flags state them. */
export const providers = ["cpu", "webgpu", "cuda", "directml", "coreml", "tensorflow"] as const;
export type Provider = (typeof providers)[number];
/** Those that onnxruntime drives; `tensorflow` runs the graph operation by operation instead. */
export type RuntimeProvider = Exclude<Provider, "tensorflow">;

/** `auto`: the first device whose maps agree with the processor's and that is faster than it. */
export type DeviceSetting = "auto" | Provider;

/** What settings and flags accept; null for anything else. */
export function deviceSetting(text: string | undefined): DeviceSetting | null {
  if (text === undefined || text === "") return "auto";
  const wanted = text.toLowerCase();
  if (wanted === "auto") return wanted;
  return providers.find((provider) => provider === wanted) ?? null;
}
