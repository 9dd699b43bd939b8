import { openDicomImage } from "../../dicom/file.ts";
import { renderFrame } from "../../dicom/render.ts";
import type { DecodedImage } from "./decode.ts";

/** The first frame of a DICOM file as it is shown: stored window, else full range for 8 bits, else 1–99 %. */
export async function decodeDicom(bytes: Uint8Array, file: string): Promise<DecodedImage> {
  const image = openDicomImage(bytes, file);
  const { widthPx, heightPx, channels, data } = await renderFrame(image, 0);
  const { bitsStored: depth, frames } = image.layout;
  return { widthPx, heightPx, channels, data, depth, format: "dicom", orientation: 1, frames };
}
