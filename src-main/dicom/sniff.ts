import { open } from "node:fs/promises";
import { looksLikeDicom, openPart10 } from "./part10.ts";

/** Headers longer than this before their pixels are taken for those of an image; opening it will tell. */
const headBytes = 262_144;

/**
 * Whether a name may be a DICOM file's: known endings, none at all, or the last number of a UID. Names decide only
 * which files are opened; what is in them decides what they are.
 */
export function mayBeDicomName(name: string): boolean {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return /\.(dcm|dicom|dic|ima|\d+)$/i.test(base) || !base.includes(".");
}

/** Whether the file is DICOM with pixels, by its header alone; false where it cannot be opened. */
export async function isDicomImageFile(path: string): Promise<boolean> {
  try {
    await using handle = await open(path, "r");
    const head = new Uint8Array(headBytes);
    const first = await handle.read(head, 0, 512, 0);
    if (!looksLikeDicom(head.subarray(0, first.bytesRead))) return false;
    const rest = await handle.read(
      head,
      first.bytesRead,
      headBytes - first.bytesRead,
      first.bytesRead,
    );
    const bytesRead = first.bytesRead + rest.bytesRead;
    const { size } = await handle.stat();
    const opened = openPart10(head.subarray(0, bytesRead));
    if (!opened) return false;
    const { elements } = opened.dataSet;
    if ([0x7fe00010, 0x7fe00008, 0x7fe00009].some((tag) => elements.has(tag))) return true;
    const hasSize = elements.has(0x00280010) && elements.has(0x00280011);
    return (hasSize && opened.isCut) || (size > bytesRead && elements.size > 0);
  } catch {
    return false; // unreadable or damaged: counted with what is no image
  }
}
