import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** Builds the window into `out/renderer`, all of it served from one origin: no inline script, no remote byte. */
export default defineConfig({
  root: fileURLToPath(new URL("src-renderer", import.meta.url)),
  base: "./",
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: fileURLToPath(new URL("out/renderer", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
    chunkSizeWarningLimit: 2_000, // it comes from this computer
  },
  worker: { format: "es" },
});
