import type { TapSession } from "../../../shared/domain/engine.ts";
import type { DeviceSetting, Provider } from "../../../shared/domain/device.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { allowedDifference, compareDevice, type DeviceComparison } from "./device-check.ts";
import { candidateProviders } from "./providers.ts";

export interface ChosenDevice {
  readonly session: TapSession;
  /** In words: what it runs on, and what was tried and is not used. */
  readonly device: string;
}

/** Devices that could not be opened at all: a process asks each once. */
const dead = new Map<Provider, string>();

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
}): Promise<ChosenDevice> {
  const { open, setting, dims } = options;
  const processor = await open("cpu");
  const candidates = setting === "auto" ? candidateProviders() : [setting];
  const refusals: string[] = [];
  for (const provider of candidates) {
    if (provider === "cpu") continue;
    const label = message(`device.${provider}`);
    const tried = await tryDevice(provider, processor);
    if ("session" in tried) {
      await processor.close();
      return { session: tried.session, device: label };
    }
    refusals.push(message("device.not-used", { device: label, why: tried.why }));
  }
  return { session: processor, device: [message("device.cpu"), ...refusals].join("; ") };

  async function tryDevice(
    provider: Provider,
    reference: TapSession,
  ): Promise<{ readonly session: TapSession } | { readonly why: string }> {
    const known = dead.get(provider);
    if (known !== undefined) return { why: known };
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
      const why = message("device.refused", { why: firstLine(cause) });
      dead.set(provider, why);
      return { why };
    }
  }

  function refusalOf({ difference, deviceMs, processorMs }: DeviceComparison): string | null {
    if (!(difference <= allowedDifference))
      return message("device.differs", { difference: difference.toPrecision(2) });
    if (setting === "auto" && deviceMs > processorMs) return message("device.slower");
    return null;
  }
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  // The runtime puts file, line and signature before what it has to say.
  return (text.split("\n")[0] ?? "").replace(/^.*? (?:was false|failed)\. ?/i, "").slice(0, 160);
}
