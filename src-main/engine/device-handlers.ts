import { providers, type DeviceSetting } from "../../shared/domain/device.ts";
import type { EngineRequests } from "./protocol.ts";
import { deviceProblem } from "./session/device-problem.ts";

type DeviceRequest = "useDevice" | "testDevices";
type DeviceHandlers = {
  [Name in DeviceRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** Where models run: the setting as it is when one is opened, and what the maps engine answers about devices. */
export function deviceHandlers(first: DeviceSetting): {
  readonly setting: () => DeviceSetting;
  readonly handlers: DeviceHandlers;
} {
  let setting = first;
  return {
    setting: () => setting,
    handlers: {
      useDevice: ({ device }) => {
        setting = device;
        return Promise.resolve(null);
      },
      testDevices: async () => {
        const tested: { device: (typeof providers)[number]; problem: string | null }[] = [];
        for (const device of providers)
          tested.push({ device, problem: await deviceProblem(device) });
        return tested;
      },
    },
  };
}
