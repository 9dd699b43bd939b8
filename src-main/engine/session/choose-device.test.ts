import { describe, expect, it } from "vitest";
import { toySession, toyShape } from "../../../test/support/toy-session.ts";
import type { Provider } from "../../../shared/domain/device.ts";
import type { TapSession } from "../../../shared/domain/engine.ts";
import { openOnDevice } from "./choose-device.ts";
import { deviceProblem } from "./device-problem.ts";

const dims = [1, toyShape.colours, toyShape.side, toyShape.side];

function choose(
  setting: Provider,
  open: (provider: Provider, processor: TapSession) => Promise<TapSession>,
  problemOf: (provider: Provider) => Promise<string | null> = () => Promise.resolve(null),
) {
  return openOnDevice({
    open: (provider) => {
      const session = toySession({ head: "two-layer" });
      return provider === "cpu" ? Promise.resolve(session) : open(provider, session);
    },
    setting,
    dims,
    differentiates: () => true,
    problemOf,
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

  it("opens no model on a device that cannot be opened, and says what it said", async () => {
    const asked = () => Promise.reject(new Error("asked"));
    const chosen = await choose("cuda", asked, () => Promise.resolve("no driver"));
    expect(chosen.device).toBe("CPU; CUDA not used: it cannot be opened (no driver)");
  });

  it("does not hold what one model cannot do there against the next", async () => {
    const why = "/a/b.cc:1 Compute() status == Success was false. No kernel for Mod\nmore";
    const first = await choose("webgpu", () => Promise.reject(new Error(why)));
    expect(first.device).toBe("CPU; WebGPU not used: it cannot run this model (No kernel for Mod)");
    const second = await choose("webgpu", (_, session) => Promise.resolve(session));
    expect(second.device).toBe("WebGPU");
  });
});

describe("a device asked for an addition", () => {
  it("has no problem where it can add, and says what it has where it cannot", async () => {
    expect(await deviceProblem("cpu")).toBeNull();
    // A provider of another system's: the runtime has no such library here.
    const foreign = process.platform === "win32" ? "coreml" : "directml";
    expect(await deviceProblem(foreign)).toBe("this computer's runtime was built without it");
  });
});
