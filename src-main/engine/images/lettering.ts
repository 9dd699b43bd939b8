import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { sharp } from "./sharp.ts";

/** Words as a picture, to be laid onto another. */
export interface Lettering {
  readonly input: Buffer;
  readonly width: number;
  readonly height: number;
}

const scale = 3;
const require = createRequire(import.meta.url);

/**
 * Words set in Inter from our own font file, because a server may have no font at all (SVG text would vanish there).
 * Wrapped at `maxWidth`; `sizePx` is the face's size.
 */
export async function letter(
  words: string,
  sizePx: number,
  colour: string,
  maxWidth: number,
): Promise<Lettering> {
  const fontfile = interFile();
  // Drawn three times as large and made small: at 11 pixels hinting tears letters apart.
  const { data: large, info: drawn } = await sharp({
    text: {
      text: `<span foreground="${colour}">${escapeMarkup(words)}</span>`,
      font: `Inter ${sizePx}`,
      ...(fontfile === null ? {} : { fontfile }),
      width: maxWidth * scale,
      wrap: "word-char",
      rgba: true,
      dpi: 72 * scale,
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true });
  const { data, info } = await sharp(large)
    .resize(Math.min(maxWidth, Math.ceil(drawn.width / scale)))
    .png()
    .toBuffer({ resolveWithObject: true });
  return { input: data, width: info.width, height: info.height };
}

function interFile(): string | null {
  try {
    const file = require.resolve("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf");
    return existsSync(file) ? file : null;
  } catch {
    return null; // the system's sans serif then
  }
}

function escapeMarkup(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
