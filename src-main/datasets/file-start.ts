import { close, open, read } from "node:fs";
import { promisify } from "node:util";

const opened = promisify(open);
const closed = promisify(close);
const filled = promisify(read);

/**
 * The first bytes of a file. Done for every image that has boxes, so by descriptors: a FileHandle per file takes three
 * times as long.
 */
export async function readStart(path: string, lengthBytes: number): Promise<Buffer> {
  const descriptor = await opened(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(lengthBytes);
    const { bytesRead } = await filled(descriptor, buffer, 0, lengthBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await closed(descriptor);
  }
}
