import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { methods } from "../../shared/domain/methods.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { AuditStore } from "../store/audit-store.ts";
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
/** Beside the files that the record names: the manifest itself, and previews of the report's pages. */
const unlisted = ["manifest.json", "pages"];

const builtSchema = z.object({
  files: z.array(z.object({ name: z.string(), sha256: z.string() })),
});

/**
 * Re-hashes the record's chain, then every exported file against the hash that the record holds of the last build: a
 * manifest that was edited along with its files agrees with itself, and not with the record.
 */
export async function* verifyAudit({ store, folder }: OpenedAudit): AsyncGenerator<VerifyProgress> {
  const built = lastBuild(store);
  const planned = store.recordTip().no + built.length;
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
    if (problem) {
      const why = message(`jobs.verify.${problem.kind}`);
      problems.push(message("jobs.verify.record", { no: problem.no, why }));
    }
    if (checked % stride === 0) {
      yield progress("checking");
      await new Promise((resolve) => setImmediate(resolve)); // the host answers others in between
    }
  }
  for (const { method } of store.changedSheets())
    problems.push(message("jobs.verify.sheet", { method: methods[method].label }));
  const exports = join(folder, "exports");
  const manifest = readManifest(folder);
  if (built.length > 0 && !manifest) problems.push(message("jobs.verify.no-manifest"));
  for (const { name, sha256 } of built) {
    checked += 1;
    const listed = manifest?.files.find((file) => file.name === name);
    const found = await readFile(join(exports, name)).catch(() => null);
    if (!found) problems.push(message("jobs.verify.file-missing", { name }));
    else if (createHash("sha256").update(found).digest("hex") !== sha256) {
      const was = listed?.sha256 === sha256 ? listed.bytes : "?";
      problems.push(message("jobs.verify.file-changed", { name, was, is: found.byteLength }));
    } else if (manifest && listed?.sha256 !== sha256) {
      problems.push(message("jobs.verify.manifest-differs", { name }));
    }
    yield progress("checking");
  }
  const known = new Set([...unlisted, ...built.map(({ name }) => name)]);
  for (const name of await readdir(exports).catch(() => [])) {
    if (!known.has(name)) problems.push(message("jobs.verify.file-unknown", { name }));
  }
  yield progress("done");
}

/** Files of the last build as its entry of the record names them; none where no report was built. */
function lastBuild(store: AuditStore): z.infer<typeof builtSchema>["files"] {
  let files: z.infer<typeof builtSchema>["files"] = [];
  for (const { action, after } of store.allRecord()) {
    if (action !== "report.build") continue;
    const parsed = builtSchema.safeParse(after);
    if (parsed.success) files = parsed.data.files;
  }
  return files;
}
