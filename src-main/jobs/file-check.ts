import { findFile } from "../archives/files.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { pictureFile } from "../../shared/domain/picture-path.ts";
import type { EngineClient } from "../engine/client.ts";
import { itemPath, type OpenedAudit } from "./opened-audit.ts";

/**
 * Whether an item's file is the one that was listed: by size and time, and where these differ by its hash. A changed
 * file is entered, so that verdicts say which file they are for; one that is gone is marked, one that is back is not.
 */
export async function checkFile(
  { store }: Pick<OpenedAudit, "store">,
  engine: EngineClient,
  no: ItemNo,
): Promise<"same" | "changed" | "missing"> {
  const { path, bytes, modifiedMs, sha256, isMissing } = store.item(no);
  const { file } = pictureFile(itemPath({ store }, no));
  const found = await findFile(file).catch(() => null);
  if (!found) {
    if (!isMissing && !store.isReadOnly) store.markMissing(no);
    return "missing";
  }
  const isAsListed = found.bytes === bytes && found.modifiedMs === modifiedMs;
  if ((isAsListed && !isMissing) || store.isReadOnly) return "same";
  const [hash] = await engine.call("hash", { paths: [file] });
  if (typeof hash !== "string") return "missing";
  store.setFile(path, { ...found, sha256: hash });
  return sha256 !== null && sha256 !== hash ? "changed" : "same";
}
