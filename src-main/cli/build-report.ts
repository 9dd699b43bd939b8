import { join } from "node:path";
import { followJob, openAudit, withHansight } from "./in-process.ts";
import { Terminal } from "./terminal.ts";

/** Builds the report of an audit and lists the files that `isListed` names. */
export function buildReport(
  folder: string,
  flags: { readonly keepNames?: boolean; readonly json?: boolean },
  isListed: (name: string) => boolean,
): Promise<void> {
  const terminal = new Terminal(Boolean(flags.json));
  return withHansight(async (hansight) => {
    const auditId = await openAudit(hansight, folder);
    const { jobId } = await hansight.client.reports.build({
      auditId,
      run: null,
      plates: null,
      keepNames: Boolean(flags.keepNames),
    });
    await followJob(hansight, { auditId, jobId }, terminal);
    const { files } = await hansight.client.reports.outline({ auditId });
    const listed = files
      .filter(({ name }) => isListed(name))
      .map((file) => ({
        ...file,
        path: join(hansight.folderOf(auditId), "exports/draft", file.name),
      }));
    terminal.table(listed.map(({ path, bytes }) => [path, String(bytes)]));
    terminal.json({ files: listed });
  });
}
