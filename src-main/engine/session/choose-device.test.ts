import { describe, expect, it } from "vitest";
import { toySession, toyShape } from "../../../test/support/toy-session.ts";
import type { Provider } from "../../../shared/domain/device.ts";
import type { TapSession } from "../../../shared/domain/engine.ts";
import { openOnDevice } from "./choose-device.ts";

const dims = [1, toyShape.colours, toyShape.side, toyShape.side];

function choose(
  setting: Provider,
  open: (provider: Provider, processor: TapSession) => Promise<TapSession>,
) {
  return openOnDevice({
    open: (provider) => {
      const session = toySession({ head: "two-layer" });
      return provider === "cpu" ? Promise.resolve(session) : open(provider, session);
    },
    setting,
    dims,
    differentiates: () => true,
  });
}

describe("the choice of a device", () => {
  it("takes a device whose maps agree", async () => {
    const chosen = await choose("webgpu", (_, session) => Promise.resolve(session));
    expect(chosen.device).toBe("WebGPU");
  });

  it("asks no device where the processor is wanted", async () => {
    const chosen = await choose("cpu", () => Promise.reject(new Error("asked")));
    expect(chosen.device).toBe("CPU");
  });

  it("falls back where gradients are off by more than 1e-3, and says by how much", async () => {
    const chosen = await choose("webgpu", (_, session) =>
      Promise.resolve({
        ...session,
        gradient: async (images, seed) => {
          const passed = await session.gradient(images, seed);
          const data = passed.gradients.data.map((g) => g * 1.01);
          return { ...passed, gradients: { ...passed.gradients, data } };
        },
      }),
    );
    expect(chosen.device).toBe(
      "CPU; WebGPU not used: its maps differ from the processor's by 0.010 of the largest value",
    );
  });

  it("falls back where numbers are broken", async () => {
    const chosen = await choose("webgpu", (_, session) =>
      Promise.resolve({
        ...session,
        gradient: async (images, seed) => {
          const passed = await session.gradient(images, seed);
          return { ...passed, logits: { ...passed.logits, data: passed.logits.data.fill(NaN) } };
        },
      }),
    );
    expect(chosen.device).toContain("differ from the processor's by Infinity");
  });

  it("asks a device that cannot be opened once, and says what it said", async () => {
    let asked = 0;
    const refuse = () => {
      asked += 1;
      return Promise.reject(
        new Error(
          "/a/b.cc:1 Initialize() status == Success was false. No supported adapters\nmore",
        ),
      );
    };
    const words = "CPU; CUDA not used: it cannot be opened (No supported adapters)";
    expect((await choose("cuda", refuse)).device).toBe(words);
    expect((await choose("cuda", refuse)).device).toBe(words);
    expect(asked).toBe(1);
  });
});
