import { defineConfig } from "electron-vite";
import window from "./vite.config.ts";

/** Builds the desktop app: the main process, the engine's child process, and the window by its own configuration. */
export default defineConfig({
  main: {
    build: {
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: "src-main/hosts/electron/main.ts",
          engine: "src-main/engine/child.ts",
          "report-worker": "src-main/reports/worker.ts",
        },
        output: {
          format: "es",
          entryFileNames: "[name].js",
          chunkFileNames: "chunks/[name]-[hash].js",
        },
      },
    },
  },
  renderer: window,
});
