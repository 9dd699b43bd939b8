import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { message } from "../../shared/messages/catalogue.ts";
import type { OpenedAudit } from "./opened-audit.ts";
import { readManifest } from "./report-builder.ts";

export interface VerifyProgress {
  readonly state: "checking" | "done";
  readonly checked: number;
  readonly planned: number;
  readonly problems: string[];
}

/** Entries between two reports of progress. */
const stride = 500;

/** Re-hashes the record's chain, then every exported file; says in words exactly what differs. */
export async function* verifyAudit({ store, folder }: OpenedAudit): AsyncGenerator<VerifyProgress> {
  const manifest = readManifest(folder);
  const planned = store.recordTip().no + (manifest?.files.length ?? 0);
  const problems: string[] = [];
  let checked = 0;
  const progress = (state: VerifyProgress["state"]): VerifyProgress => ({
    state,
    checked,
    planned,
    problems: [...problems],
  });
  for (const problem of store.checkRecord()) {
    checked += 1;
    if (problem)
      problems.push(
        message("jobs.verify.record", {
          no: problem.no,
          why: message(`jobs.verify.${problem.kind}`),
        }),
      );
    if (checked % stride === 0) {
      yield progress("checking");
      await new Promise((resolve) => setImmediate(resolve)); // the host answers others in between
    }
  }
  const exports = join(folder, "exports");
  for (const { name, bytes, sha256 } of manifest?.files ?? []) {
    checked += 1;
    const found = await readFile(join(exports, name)).catch(() => null);
    if (!found) problems.push(message("jobs.verify.file-missing", { name }));
    else if (createHash("sha256").update(found).digest("hex") !== sha256) {
      problems.push(
        message("jobs.verify.file-changed", { name, was: bytes, is: found.byteLength }),
      );
    }
    yield progress("checking");
  }
  const known = new Set([
    "manifest.json",
    "pages",
    ...(manifest?.files ?? []).map(({ name }) => name),
  ]);
  for (const name of await readdir(exports).catch(() => [])) {
    if (!known.has(name)) problems.push(message("jobs.verify.file-unknown", { name }));
  }
  yield progress("done");
}
