import type { TapSession } from "../../shared/domain/engine.ts";
import { seedFrom } from "../../src-main/engine/session/seed.ts";

/** The same session without the closed form of its head: gradients by the compiled backward pass, everything else by tail passes. */
export function generalPath(session: TapSession): TapSession {
  return {
    ...session,
    head: { kind: "general", weights: null, bias: null },
    async gradient(images, seed) {
      const passed = await session.forward(images);
      const seeds = typeof seed === "string" ? seedFrom(passed.logits, seed) : seed;
      const rows = Int32Array.from({ length: images.dims[0] ?? 0 }, (_, row) => row);
      const { gradients } = await session.tailGradient(passed, passed.activations, rows, seeds);
      return { ...passed, gradients };
    },
  };
}
