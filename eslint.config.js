import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import { layerRule } from "./test/lint/layers.js";

export default ts.config(
  { ignores: ["node_modules/", "out/", "release/", "assets/", "test-results/", "**/*.hansight/"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    plugins: { hansight: { rules: { layers: layerRule } } },
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      "hansight/layers": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"] } },
  },
);
