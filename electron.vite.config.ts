import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "electron-vite";
import type { Plugin } from "vite";
import window from "./vite.config.ts";

/** What is read at run time from beside the code that reads it: the store's numbered SQL, the report's page design. */
const readAtRunTime: Plugin = {
  name: "hansight-read-at-run-time",
  generateBundle() {
    for (const name of ["report.typ", "signatures.typ"])
      this.emitFile({
        type: "asset",
        fileName: name,
        source: readFileSync(join(import.meta.dirname, "src-main/reports/pdf", name)),
      });
    for (const folder of ["migrations", "library-migrations"]) {
      const source = join(import.meta.dirname, "src-main/store", folder);
      for (const name of readdirSync(source)) {
        this.emitFile({
          type: "asset",
          fileName: `${folder}/${name}`,
          source: readFileSync(join(source, name)),
        });
      }
    }
  },
};

/**
 * Builds the desktop app: the main process, the engine's child process, the report's worker, and the window by its own
 * configuration. One flat folder, since files find their neighbours by it.
 */
export default defineConfig({
  main: {
    plugins: [readAtRunTime],
    build: {
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: "src-main/hosts/electron/main.ts",
          engine: "src-main/engine/child.ts",
          reader: "src-main/engine/reader-worker.ts",
          "report-worker": "src-main/reports/worker.ts",
        },
        output: {
          format: "es",
          entryFileNames: "[name].js",
          chunkFileNames: "[name]-[hash].js",
        },
      },
    },
  },
  renderer: window,
});
