import { cornerShare, type Cover } from "../../../shared/domain/identity.ts";
import type { Rect } from "../../../shared/geometry/shape.ts";
import type { DecodedImage } from "./decode.ts";

type Picture = Pick<DecodedImage, "widthPx" | "heightPx" | "channels" | "data">;

/** Where text was found, in small pixels of `factor` source pixels each. */
export interface TextMask {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
  readonly mask: Uint8Array;
}

/**
 * A copy with its covered parts black, at full size: what is made small afterwards holds no trace of them. Where nobody
 * answered, corners and text are covered as well.
 */
export function covered<Image extends Picture>(
  image: Image,
  cover: Cover,
  text: TextMask | null,
): Image {
  const { widthPx, heightPx } = image;
  const data = Uint8Array.from(image.data);
  for (const box of [...cover.boxes, ...(cover.isGuess ? corners : [])])
    fill(
      data,
      image,
      Math.floor(box.x * widthPx),
      Math.floor(box.y * heightPx),
      Math.ceil((box.x + box.w) * widthPx),
      Math.ceil((box.y + box.h) * heightPx),
    );
  if (cover.isGuess && text)
    for (let y = 0; y < text.height; y++)
      for (let x = 0; x < text.width; x++)
        if (text.mask[y * text.width + x] > 0) {
          // one small pixel further on each side: the blur of the letters' edges
          const [left, top] = [(x - 1) * text.factor, (y - 1) * text.factor];
          fill(data, image, left, top, left + 3 * text.factor, top + 3 * text.factor);
        }
  return { ...image, data };
}

const { w, h } = cornerShare;
const corners: readonly Rect[] = [
  { x: 0, y: 0, w, h },
  { x: 1 - w, y: 0, w, h },
  { x: 0, y: 1 - h, w, h },
  { x: 1 - w, y: 1 - h, w, h },
];

/** Pixels `[left, right) × [top, bottom)`, as far as they are in the picture. */
function fill(
  data: Uint8Array,
  { widthPx, heightPx, channels }: Picture,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  const [from, to] = [Math.max(0, left), Math.min(widthPx, right)];
  if (to <= from) return;
  for (let y = Math.max(0, top); y < Math.min(heightPx, bottom); y++)
    data.fill(0, (y * widthPx + from) * channels, (y * widthPx + to) * channels);
}
