import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditId } from "../../shared/domain/ids.ts";
import { createAudit } from "../../src-main/store/open-audit.ts";
import { median } from "./measure.ts";

export interface StoreTimes {
  readonly items: number;
  /** Milliseconds: listing into the store, one item column read cold, 500 rows, a text search. */
  readonly addMs: number;
  readonly columnMs: number;
  readonly rowsMs: number;
  readonly findMs: number;
}

/** The store's queries at 100,000 rows, on a real file. */
export async function storeTimes(items = 100_000): Promise<StoreTimes> {
  const folder = mkdtempSync(join(tmpdir(), "hansight-bench-"));
  const store = createAudit(join(folder, "bench.hansight"), {
    id: "bench" as AuditId, // an id like any other
    name: "bench",
    classes: ["a", "b"],
    sources: { images: folder, labels: null, classes: null, evidence: null },
  });
  try {
    const addMs = clock(() => {
      store.addItems(
        Array.from({ length: items }, (_, i) => ({
          path: `${i % 100}/${i}.jpg`,
          bytes: i,
          modifiedMs: i,
          label: i % 2 ? "a" : "b",
        })),
      );
    });
    const columnMs = clock(() => store.column(null, "label"));
    const pages = Array.from({ length: 20 }, (_, page) =>
      clock(() =>
        store.rows(
          null,
          Array.from({ length: 500 }, (_, i) => page * 4000 + i),
        ),
      ),
    );
    return {
      items,
      addMs,
      columnMs,
      rowsMs: median(pages),
      findMs: clock(() => store.find("77777")),
    };
  } finally {
    store.closeNow();
    rmSync(folder, { recursive: true, force: true });
  }
}

function clock(work: () => unknown): number {
  const fromMs = performance.now();
  work();
  return performance.now() - fromMs;
}
