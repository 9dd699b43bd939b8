import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import type { RunId } from "../../shared/domain/ids.ts";
import { LabelPack } from "./label-pack.ts";

const run = "run-1" as RunId;
const record = (no: number) => ({ facts: { no }, bytes: Uint8Array.of(no, 2, 3) });

describe("the pack of a run's labels", () => {
  it("gives back what it was given, and goes on after a torn record", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "runs", run, "labels.pack");
    const pack = new LabelPack(folder, run);
    expect(pack.open({ refine: "none" })).toEqual([]);
    pack.append(record(0));
    pack.append(record(1));
    pack.close();
    truncateSync(file, readFileSync(file).length - 1); // the last record lost a byte

    const again = new LabelPack(folder, run);
    expect(again.open({ refine: "none" })).toEqual([{ no: 0 }]);
    again.append(record(2));
    expect([...again.records()].map(({ facts, bytes }) => [facts, [...bytes]])).toEqual([
      [{ no: 0 }, [0, 2, 3]],
      [{ no: 2 }, [2, 2, 3]],
    ]);
    again.close();
  });

  it("begins anew for other settings, and where it holds nothing of ours", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "runs", run, "labels.pack");
    const pack = new LabelPack(folder, run);
    pack.open({ refine: "none" });
    pack.append(record(0));
    expect(pack.open({ refine: "crf" })).toEqual([]);
    expect([...pack.records()]).toEqual([]);
    pack.close();
    truncateSync(file, 0);
    appendFileSync(file, "this is no pack, whatever its size may say");
    const other = new LabelPack(folder, run);
    expect(other.open({ refine: "crf" })).toEqual([]);
    other.close();
  });
});
