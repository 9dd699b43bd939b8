import { randomUUID } from "node:crypto";
import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ann, sampleRunId } from "../../test/support/sample-audit.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import type { AuditId, CommandId } from "../../shared/domain/ids.ts";
import { createAudit } from "../store/open-audit.ts";
import { EngineClient } from "../engine/client.ts";
import { checkFile } from "./file-check.ts";
import { itemDetail } from "./item-detail.ts";

/** An audit of one file of two frames and one other, and what a test does to them. */
async function opened() {
  const folder = await temporaryFolder({ "in/scan": "first", "in/other.png": "x" });
  const images = join(folder, "in");
  const store = createAudit(join(folder, "a.hansight"), {
    id: "audit-1" as AuditId, // as good as any
    name: "a",
    classes: ["clear"],
    sources: { images, labels: null, classes: null, evidence: null },
  });
  const engine = new EngineClient("images");
  onTestFinished(async () => {
    await store.close();
    await engine.close();
  });
  store.addReader({ id: ann, name: "Ann", initials: "A" });
  const plain = { bytes: 5, modifiedMs: 0, label: null, frames: 2 };
  store.addItems([
    { path: "scan", frame: 1, ...plain },
    { path: "scan", frame: 2, ...plain },
    { path: "other.png", bytes: 1, modifiedMs: 0, label: null },
  ]);
  const audit = { store };
  const put = async (content: string, at: number) => {
    await writeFile(join(images, "scan"), content);
    await utimes(join(images, "scan"), at, at);
  };
  const judge = (item: number) =>
    store.apply({
      id: randomUUID() as CommandId, // as the window makes them
      kind: "verdict.set",
      readerId: ann,
      items: [item],
      run: sampleRunId,
      verdict: "sound",
      view: null,
      reasons: [],
    });
  const isEarlier = (no: number) => itemDetail(audit, null, no).isForEarlierFile;
  return {
    store,
    put,
    judge,
    isEarlier,
    images,
    check: (no: number) => checkFile(audit, engine, no),
  };
}

it("a file that changes after it was judged keeps its verdict, for an earlier file", async () => {
  const { store, put, judge, isEarlier, check } = await opened();
  expect(await check(0)).toBe("same"); // the first look gives its hash
  const before = store.item(0).sha256;
  judge(0);
  await put("first", 1000);
  expect(await check(0)).toBe("same"); // only touched
  await put("second", 2000);
  expect(await check(1)).toBe("changed");
  expect(store.item(0)).toMatchObject({ bytes: 6, earlierFile: { sha256: before } });
  expect(store.item(1).earlierFile).toBeNull(); // nobody has judged it
  expect(isEarlier(0)).toBe(true);
  expect(store.overview().earlierFiles).toBe(1);
  expect(store.detail(null, 0).judgements[0].verdict).toBe("sound");
  judge(0);
  expect(isEarlier(0)).toBe(false); // judged again, as it is now
  expect(store.overview().earlierFiles).toBe(0);
});

it("the earlier file that comes back has its verdicts back", async () => {
  const { store, put, judge, isEarlier, check } = await opened();
  await check(0);
  judge(0);
  await put("second", 2000);
  await check(0);
  expect(isEarlier(0)).toBe(true);
  await put("first", 3000);
  await check(0);
  expect(isEarlier(0)).toBe(false);
  expect(store.item(0).earlierFile).toBeNull();
});

it("a file that is gone is missing until it is back, with all that was said of it", async () => {
  const { store, put, judge, images, check } = await opened();
  await check(0);
  judge(0);
  await rm(join(images, "scan"));
  expect(await check(0)).toBe("missing");
  expect(store.item(0).isMissing).toBe(true);
  await put("first", 4000);
  expect(await check(0)).toBe("same");
  expect(store.item(0)).toMatchObject({ isMissing: false, earlierFile: null });
  expect(store.detail(null, 0).judgements[0].verdict).toBe("sound");
});

it("a run that decodes a changed file tells it too", async () => {
  const { store, judge, isEarlier } = await opened();
  store.setDecoded(0, { sha256: "a".repeat(64) });
  judge(0);
  store.setDecoded(0, { sha256: "a".repeat(64) });
  expect(isEarlier(0)).toBe(false);
  store.setDecoded(0, { sha256: "b".repeat(64) });
  expect(isEarlier(0)).toBe(true);
});
