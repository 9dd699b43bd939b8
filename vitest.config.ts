import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Unit and golden tests, all under Node; journeys in a browser are Playwright's (`playwright.config.ts`). */
export default defineConfig({
  plugins: [svelte({ compilerOptions: { dev: false } })],
  resolve: { conditions: ["browser"] },
  test: {
    include: ["{shared,src-main,src-renderer,test}/**/*.test.ts"],
    exclude: ["test/e2e/**", "**/node_modules/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
