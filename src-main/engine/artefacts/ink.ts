import { defineDetector } from "./detector.ts";

/**
 * Surgical ink: hue 240° to 300° (blue to violet), saturation above 0.35, neither dark nor everywhere. Over more than
 * 10 % of the picture it is the subject's own colour, as in stained tissue.
 */
export const ink = defineDetector({
  name: "ink",
  detect({ rgb, width, height }) {
    if (!rgb) return null;
    const mask = new Uint8Array(width * height);
    let area = 0;
    for (let i = 0, j = 0; i < mask.length; i++, j += 3)
      if (isInk(rgb[j], rgb[j + 1], rgb[j + 2])) {
        mask[i] = 255;
        area++;
      }
    const share = area / mask.length;
    return share >= 0.001 && share <= 0.1 ? mask : null;
  },
});

/** Blue is the largest and green the smallest channel exactly for hues of 240° to 300°. */
function isInk(r: number, g: number, b: number): boolean {
  return b >= r && r >= g && b > 50 && b - g > 0.35 * b;
}
