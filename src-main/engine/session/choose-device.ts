import type { TapSession } from "../../../shared/domain/engine.ts";
import type { DeviceSetting, Provider } from "../../../shared/domain/device.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { allowedDifference, compareDevice, type DeviceComparison } from "./device-check.ts";
import { deviceProblem, firstLine } from "./device-problem.ts";
import { candidateProviders } from "./providers.ts";

export interface ChosenDevice {
  readonly session: TapSession;
  /** In words: what it runs on, and what was tried and is not used. */
  readonly device: string;
  readonly provider: Provider;
}

/**
 * Opens a tap on the device that the setting asks for. No device is used unless its maps agree with the processor's on seeded
 * noise to 1e-3; an automatic choice must also be faster. What fails falls back to the processor, and the words say so.
 */
export async function openOnDevice(options: {
  readonly open: (provider: Provider) => Promise<TapSession>;
  readonly setting: DeviceSetting;
  /** Of one input, `[1,…]`, and whether gradients are run. */
  readonly dims: readonly number[];
  readonly differentiates: (session: TapSession) => boolean;
  /** What an automatic choice tries, best first. */
  readonly candidates?: readonly Provider[];
  /** Why a device cannot be opened at all, whatever the model; null where it can. */
  readonly problemOf?: (provider: Provider) => Promise<string | null>;
}): Promise<ChosenDevice> {
  const { open, setting, dims, problemOf = deviceProblem } = options;
  const processor = await open("cpu");
  const candidates = setting === "auto" ? (options.candidates ?? candidateProviders()) : [setting];
  const refusals: string[] = [];
  for (const provider of candidates) {
    if (provider === "cpu") continue;
    const label = message(`device.${provider}`);
    const tried = await tryDevice(provider, processor);
    if ("session" in tried) {
      await processor.close();
      return { session: tried.session, device: label, provider };
    }
    refusals.push(message("device.not-used", { device: label, why: tried.why }));
  }
  const device = [message("device.cpu"), ...refusals].join("; ");
  return { session: processor, device, provider: "cpu" };

  async function tryDevice(
    provider: Provider,
    reference: TapSession,
  ): Promise<{ readonly session: TapSession } | { readonly why: string }> {
    const problem = await problemOf(provider);
    if (problem !== null) return { why: message("device.refused", { why: problem }) };
    let session: TapSession | null = null;
    try {
      session = await open(provider);
      const differentiates = options.differentiates(session);
      const why = refusalOf(await compareDevice(session, reference, { dims, differentiates }));
      if (why === null) return { session };
      await session.close();
      return { why };
    } catch (cause) {
      await session?.close().catch(() => null); // it never worked
      return { why: message("device.failed", { why: firstLine(cause) }) };
    }
  }

  function refusalOf({ difference, deviceMs, processorMs }: DeviceComparison): string | null {
    if (!(difference <= allowedDifference))
      return message("device.differs", { difference: difference.toPrecision(2) });
    if (setting === "auto" && deviceMs > processorMs) return message("device.slower");
    return null;
  }
}
