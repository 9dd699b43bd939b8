import { existsSync } from "node:fs";

const drivers = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];
const loaders = [
  "/usr/lib/x86_64-linux-gnu/libvulkan.so.1",
  "/usr/lib/aarch64-linux-gnu/libvulkan.so.1",
  "/usr/lib64/libvulkan.so.1",
];

/** Chromium's software Vulkan driver, for tests of WebGPU without a card; null where driver or loader is absent. */
export const softwareGpu: string | null = loaders.some(existsSync)
  ? (drivers.find(existsSync) ?? null)
  : null;
