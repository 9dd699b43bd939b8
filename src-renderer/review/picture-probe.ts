/** Reads single pixels of a decoded picture; the last picture asked about is kept readable. */
export class PictureProbe {
  #bitmap: ImageBitmap | null = null;
  #context: OffscreenCanvasRenderingContext2D | null = null;

  /** The value at a place in picture fractions: one number where it is grey, else red, green and blue. */
  at(bitmap: ImageBitmap, x01: number, y01: number): string {
    if (this.#bitmap !== bitmap) {
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      this.#context = canvas.getContext("2d", { willReadFrequently: true });
      this.#context?.drawImage(bitmap, 0, 0);
      this.#bitmap = bitmap;
    }
    const x = Math.min(bitmap.width - 1, Math.floor(x01 * bitmap.width));
    const y = Math.min(bitmap.height - 1, Math.floor(y01 * bitmap.height));
    const data = this.#context?.getImageData(x, y, 1, 1).data;
    if (!data) return "";
    const [red, green, blue] = data;
    return red === green && green === blue ? String(red) : `${red} ${green} ${blue}`;
  }
}
