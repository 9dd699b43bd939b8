/** Where a model may run: names as settings and flags state them. */
export const providers = ["cpu", "webgpu", "cuda", "directml", "coreml"] as const;
export type Provider = (typeof providers)[number];

/** `auto`: the first device whose maps agree with the processor's and that is faster than it. */
export type DeviceSetting = "auto" | Provider;

/** What settings and flags accept; null for anything else. */
export function deviceSetting(text: string | undefined): DeviceSetting | null {
  if (text === undefined || text === "") return "auto";
  const wanted = text.toLowerCase();
  if (wanted === "auto") return wanted;
  return providers.find((provider) => provider === wanted) ?? null;
}
