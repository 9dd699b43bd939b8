import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const faces = [
  "400Regular/Inter_400Regular.ttf",
  "500Medium/Inter_500Medium.ttf",
  "600SemiBold/Inter_600SemiBold.ttf",
];

/** Inter in three weights, or nothing where the package is absent: Typst's own faces are used then. */
export function readFonts(): Buffer[] {
  const require = createRequire(import.meta.url);
  try {
    return faces.map((face) => readFileSync(require.resolve(`@expo-google-fonts/inter/${face}`)));
  } catch {
    return [];
  }
}
