import type { Column } from "../../../shared/contract/audits.ts";
import { bytesPaths } from "../../../shared/contract/bytes.ts";
import type { AuditId } from "../../../shared/domain/ids.ts";
import { sessionHeaders } from "../../session.ts";

/** The values of a float32 column, one for each item, NaN for n/a. */
export async function fetchValues(auditId: AuditId, column: Column): Promise<Float32Array> {
  const answer = await fetch(bytesPaths.column(auditId, column.run, column.id), {
    headers: sessionHeaders(),
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(`${column.id}: ${answer.status}`);
  return new Float32Array(await answer.arrayBuffer());
}
