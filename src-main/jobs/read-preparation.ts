import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { preparationSchema } from "../../shared/contract/schemas.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { fail } from "../../shared/errors/app-error.ts";

/**
 * A preparation file, checked field by field; null without a path.
 *
 * @throws AppError `preparation/unreadable`
 */
export async function readPreparation(path: string | null): Promise<Preparation | null> {
  if (path === null) return null;
  const file = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    fail("preparation/unreadable", { file, why: "it is not JSON" }, { cause });
  }
  const parsed = preparationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  fail("preparation/unreadable", { file, why: `${issue.path.join(".")}: ${issue.message}` });
}
