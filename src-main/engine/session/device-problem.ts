import type { Provider } from "../../../shared/domain/device.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { floatConstant } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { isOffered } from "./providers.ts";
import { createSession } from "./runtime.ts";

/** A process asks each device once; what fails for one model alone is not remembered here. */
const asked = new Map<Provider, Promise<string | null>>();

/** Why a device cannot be opened at all, as it says itself: one addition is run on it. Null where it can. */
export function deviceProblem(provider: Provider): Promise<string | null> {
  const known = asked.get(provider) ?? ask(provider);
  asked.set(provider, known);
  return known;
}

async function ask(provider: Provider): Promise<string | null> {
  if (provider === "tensorflow") return null; // it is loaded with its first model, and says itself what is wrong
  // The runtime leaves out a provider that it was not built with, and runs on the processor without a word.
  if (!isOffered(provider)) return message("device.unknown-here");
  try {
    const graph = parseGraph("x: f32[4]\ny = Add(x, x)\nreturn y");
    const session = await createSession(graph, { provider });
    await session.run(new Map([["x", floatConstant([1, 2, 3, 4])]]));
    await session.close();
    return null;
  } catch (cause) {
    return firstLine(cause);
  }
}

/** What a runtime has to say: it puts file, line and signature before it. */
export function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split("\n")[0] ?? "").replace(/^.*? (?:was false|failed)\. ?/i, "").slice(0, 160);
}
