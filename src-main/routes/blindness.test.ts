import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../shared/contract/audits.ts";
import { bytesPaths } from "../../shared/contract/bytes.ts";
import { contract } from "../../shared/contract/contract.ts";
import type { CommandBody } from "../../shared/domain/command.ts";
import type {
  AuditId,
  FindingId,
  ItemNo,
  QueueId,
  RegionId,
  RunId,
} from "../../shared/domain/ids.ts";
import { planChoices } from "../../test/support/planned-audit.ts";
import {
  command,
  createSample,
  sampleOutcome,
  sampleRunId,
} from "../../test/support/sample-audit.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import { openWindow, windowOf, type TestWindow } from "../../test/support/windows.ts";

/**
 * RX-96 on bytes: whatever a window asks for, while its reader reads blind the answer is the one it would get if the others
 * had said nothing of the items hidden from it.
 */
describe.for(["reader-blind", "focus-blind"] as const)(
  "a reader who reads %s",
  (blind) => {
    let app: TestApp;
    let lead: TestWindow;
    let first: TestWindow;
    let second: TestWindow;
    let viewer: TestWindow;
    let auditId: AuditId;
    let run: RunId;
    let sample: readonly ItemNo[];
    let outside: ItemNo;
    let before: ReadonlyMap<string, string>;

    const give = (window: TestWindow, body: CommandBody) =>
      window.client.audits.apply({
        auditId,
        command: command(body, { readerId: window.person.id, id: crypto.randomUUID() }),
      });
    const verdict = (
      item: ItemNo,
      queue: QueueId | null,
      word: "spurious" | "sound" = "spurious",
    ) => ({
      kind: "verdict.set" as const,
      items: [item],
      run,
      verdict: word,
      reasons: word === "spurious" ? (["marker"] as const) : [],
      view: {
        run,
        target: null,
        mode: "overlay" as const,
        opacity: 0.5,
        threshold: 0,
        colours: "viridis",
        scaling: "run-p99",
        zoom: 1,
        seconds: 6,
        queue,
      },
    });

    /**
     * Every answer with people's words in it, by its name. The number and the time of the last entry say that somebody works,
     * which all may know (RX-62), and so do revisions of columns.
     */
    async function everything(window: TestWindow): Promise<Map<string, string>> {
      const { client, get } = window;
      const found = new Map<string, string>();
      const put = async (name: string, answer: Promise<unknown>) => {
        found.set(
          name,
          JSON.stringify(
            await answer.catch((cause: { code: string; details: unknown }) => [
              cause.code,
              cause.details,
            ]),
          ),
        );
      };
      const audit = await client.audits.get({ auditId });
      await put(
        "audits.get",
        Promise.resolve({
          ...audit,
          recordNo: 0,
          savedAt: "",
          columns: audit.columns.map((column) => ({ ...column, revision: 0 })),
        }),
      );
      const items = Array.from({ length: audit.items }, (_, no) => no);
      for (const of of [run, null])
        await put(`audits.rows ${of}`, client.audits.rows({ auditId, run: of, items }));
      for (const item of items)
        await put(`audits.detail ${item}`, client.audits.detail({ auditId, run, item }));
      await put("audits.summary", client.audits.summary({ auditId, run, top: 5 }));
      await put("audits.find", client.audits.find({ auditId, words: "seen by the first" }));
      await put("audits.record", client.audits.record({ auditId, from: 1, limit: 1000 }));
      await put("findings.list", client.findings.list({ auditId }));
      for (const item of sample)
        await put(`findings.of ${item}`, client.findings.of({ auditId, item }));
      for (const item of sample)
        await put(`tests.list ${item}`, client.tests.list({ auditId, item }));
      const readerId = window.person.id;
      for (const { id } of audit.queues.filter(({ rule }) => rule.kind === "second"))
        await put(`plans.worklist ${id}`, client.plans.worklist({ auditId, queue: id, readerId }));
      await put("meetings.list", client.meetings.list({ auditId }));
      for (const item of sample)
        await put(`meetings.item ${item}`, client.meetings.item({ auditId, item }));
      await put("record.facets", client.record.facets({ auditId }));
      const filter = { person: null, action: null, item: null, from: null, to: null };
      for (const item of [null, ...sample])
        await put(
          `record.page ${item}`,
          client.record.page({ auditId, filter: { ...filter, item }, offset: 0, limit: 500 }),
        );
      for (let no = 1; no <= 80; no++)
        await put(`record.entry ${no}`, client.record.entry({ auditId, no }));
      await put("overview.get", client.overview.get({ auditId, run }));
      await put("plans.rates", client.plans.rates({ auditId }));
      await put("reports.outline", client.reports.outline({ auditId }));
      const everyItem = { auditId, items: null, keepNames: false };
      await put("exports.formats", client.exports.formats(everyItem));
      for (const column of audit.columns) {
        const path = bytesPaths.column(auditId, column.run, encodeURIComponent(column.id));
        const answer = await get(path);
        const bytes = Buffer.from(await answer.arrayBuffer()).toString("hex");
        found.set(`column ${column.run ?? "-"}/${column.id}`, `${answer.status} ${bytes}`);
      }
      for (const path of [
        bytesPaths.reportPage(auditId, 1),
        bytesPaths.exported(auditId, "x.csv"),
        bytesPaths.recordCsv(auditId),
      ])
        found.set(path, await (await get(path)).text());
      return found;
    }

    const differences = (now: ReadonlyMap<string, string>, was: ReadonlyMap<string, string>) =>
      [...now].filter(([name, answer]) => was.get(name) !== answer).map(([name]) => name);

    beforeAll(async () => {
      app = await createTestApp();
      const folder = `${app.folder}/blind.hansight`;
      const store = createSample(folder);
      run = sampleRunId;
      store.commitBatch(
        run,
        Array.from({ length: 12 }, (_, no) => sampleOutcome(no)),
      );
      store.finishRun(run);
      store.closeNow();
      lead = await windowOf(app, "Lea");
      first = await windowOf(app, "First");
      second = await windowOf(app, "Second");
      viewer = await windowOf(app, "Vera", { role: "viewer" });
      ({ auditId } = await app.client.library.open({ place: await app.places.idFor(folder) }));
      // The sample audit's own Ann leads it; she makes Lea a lead.
      const [ann] = (await app.client.audits.get({ auditId })).readers;
      const join = { auditId, role: "reviewer" } as const;
      for (const { person } of [lead, first, second])
        await app.client.people.addToAudit({ ...join, readerId: person.id });
      await app.client.audits.apply({
        auditId,
        command: command(
          { kind: "reader.role", reader: lead.person.id, role: "lead" },
          { readerId: ann.id, id: crypto.randomUUID() },
        ),
      });
      await lead.client.plans.freeze({
        auditId,
        commandId: crypto.randomUUID() as never, // a fresh id
        readerId: lead.person.id,
        no: 1,
        reason: "",
        choices: planChoices({
          wish: { kind: "size", size: 6 },
          blind,
          first: [first.person.id],
          second: [second.person.id],
          secondSize: 6,
        }),
      });
      const { queues } = await lead.client.audits.get({ auditId });
      sample = queues.find(({ rule }) => rule.kind === "random" && rule.size === 6)?.items ?? [];
      outside = Array.from({ length: 12 }, (_, no) => no).find((no) => !sample.includes(no)) ?? -1;
    });
    afterAll(() => app.remove());

    it("has a sample of six, read first by one and then by another", () => {
      expect(sample).toHaveLength(6);
      expect(outside).not.toBe(-1);
    });

    it("gets the same bytes after the first reader said everything of every item of it", async () => {
      before = await everything(second);
      const events: AuditEvent[] = [];
      const stop = new AbortController();
      const watched = (async () => {
        for await (const event of await second.client.audits.watch(
          { auditId },
          { signal: stop.signal },
        ))
          events.push(event);
      })().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50)); // the stream listens
      const { queues } = await first.client.audits.get({ auditId });
      const queue =
        queues.find(({ rule }) => rule.kind === "random" && rule.size === 6)?.id ?? null;
      const [a, b, c] = sample;
      for (const item of sample) await give(first, verdict(item, queue));
      await give(first, { kind: "certainty.set", item: a, certainty: 3 });
      await give(first, { kind: "comment.set", item: a, text: "seen by the first" });
      await give(first, { kind: "fault.set", item: b, fault: "wrong-label" });
      await give(first, { kind: "discuss.set", item: b, discuss: true });
      const shape = { kind: "rect", x: 0.1, y: 0.1, w: 0.2, h: 0.2 } as const;
      const region = "region-1" as RegionId;
      const drawn = { regionKind: "shortcut", shape, note: "seen by the first" } as const;
      await give(first, { kind: "region.add", region, item: c, ...drawn });
      await give(first, { kind: "region.change", region, ...drawn, note: "changed" });
      const other = "region-2" as RegionId;
      await give(first, { kind: "region.add", region: other, item: c, ...drawn });
      await give(first, { kind: "region.remove", region: other });
      const finding = "finding-1" as FindingId;
      await give(first, {
        kind: "finding.create",
        finding,
        items: [a, b],
        fields: { title: "L marker", plate: [a, b] },
      });
      await give(first, { kind: "finding.comment", finding, text: "seen by the first" });
      // many at once, and taken back again
      const { recordNo } = await give(first, {
        ...verdict(a, null, "sound"),
        items: [a, b],
        view: null,
      });
      await give(first, { kind: "undo", recordNo });
      await give(first, { kind: "redo", recordNo });
      await give(first, { kind: "undo", recordNo });
      const after = await everything(second);
      stop.abort();
      await watched;
      expect(differences(after, before)).toEqual([]);
      const items = events.flatMap((event) => (event.kind === "items" ? event.items : []));
      expect(items.filter((item) => sample.includes(item))).toEqual([]);
      const reads = events.flatMap((event) =>
        event.kind === "queues" ? event.queues.map(({ read }) => read) : [],
      );
      expect(new Set(reads)).toEqual(new Set([0]));
    });

    it("was asked everything that could hold people's words", () => {
      const wordless =
        /^(?:bench|intake|library|models|people|places|runs|settings|sheets|verify)\./;
      const also = new Set([
        ...["audits.watch", "audits.apply", "audits.lastAction"], // below and above
        ...["exports.start", "exports.list"], // refused as formats is; counts of files
        ...["audits.previewMerge", "audits.merge"], // the lead's; no verdict is in the answer
        ...["record.noteExport"], // gives nothing; the file is asked above
        ...["findings.get", "reports.build", "reports.verify", "tests.run"], // found by list and of; files, problems
        ...["plans.preview", "plans.freeze", "plans.list", "plans.progress"], // who read how much is for all (RX-62)
        ...["revisions.list", "revisions.prepare", "revisions.sign"], // of the report as a whole
        ...["revisions.correct", "revisions.reopen"],
      ]);
      const asked = new Set([...before.keys()].map((name) => name.split(" ")[0]));
      const forgotten = Object.entries(contract)
        .flatMap(([group, procedures]) => Object.keys(procedures).map((one) => `${group}.${one}`))
        .filter((name) => !wordless.test(name) && !also.has(name) && !asked.has(name));
      // A new procedure is asked above, where its answer has people's words in it, or named here with why it has none.
      expect(forgotten).toEqual([]);
    });

    it("was not compared with nothing: the lead, who does not read, sees all of it", async () => {
      const seen = await everything(lead);
      const changed = differences(seen, before);
      expect(changed).toEqual(
        expect.arrayContaining([
          "audits.get",
          `audits.rows ${run}`,
          `audits.detail ${sample[0]}`,
          "audits.summary",
          "audits.find",
          "audits.record",
          "findings.list",
          "overview.get",
          "plans.rates",
          "exports.formats",
          "reports.outline",
          "column -/verdict",
          "column -/reason:marker",
          "column -/fault",
          "column -/comment",
          "column -/discuss",
          "column -/regions",
          `column ${run}/quadrant`,
        ]),
      );
      const viewed = await everything(viewer);
      expect(viewed.get("audits.find")).toBe(JSON.stringify([sample[0]]));
    });

    it("sees nothing through a window where nobody is signed in", async () => {
      const nobody = openWindow(app);
      await expect(nobody.audits.get({ auditId })).rejects.toMatchObject({
        code: "people/signed-out",
      });
      const path = bytesPaths.column(auditId, null, "verdict");
      const answer = await app.windowApp(new Request(`http://hansight.localhost${path}`));
      expect(answer.status).toBe(401);
    });

    it("cannot ask what another did last", async () => {
      const asked = { auditId, readerId: first.person.id, direction: "undo" } as const;
      await expect(second.client.audits.lastAction(asked)).rejects.toMatchObject({
        code: "people/other-reader",
      });
    });

    it("sees what others say of items outside the sample", async () => {
      await give(first, verdict(outside, null));
      const [row] = await second.client.audits.rows({ auditId, run, items: [outside] });
      expect(row.verdict).toBe("spurious");
    });

    it("sees all that was said of an item once they have judged it, and of no other", async () => {
      const [mine, next] = sample;
      const path = bytesPaths.column(auditId, null, "comment");
      const etag = (await second.get(path)).headers.get("etag") ?? "";
      expect(etag).toContain(second.person.id);
      await give(second, verdict(mine, null, "sound"));
      const [own, other] = await second.client.audits.rows({ auditId, run, items: [mine, next] });
      expect(own).toMatchObject({ verdict: "sound", hasComment: true });
      expect(other).toMatchObject({ verdict: null, reasons: [], fault: null });
      const { history } = await second.client.audits.detail({ auditId, run, item: mine });
      expect(new Set(history.map(({ reader }) => reader))).toEqual(new Set(["First", "Second"]));
      // The column has new bytes although nobody wrote a comment, and says so.
      const answer = await second.get(path, { "if-none-match": etag });
      expect(answer.status).toBe(200);
      const bits = new Uint8Array(await answer.arrayBuffer());
      expect((bits[mine >> 3] >> (mine & 7)) & 1).toBe(1);
    });

    it("has the report once every item is read", async () => {
      await expect(second.client.reports.outline({ auditId })).rejects.toMatchObject({
        code: "people/reading-blind",
        details: { left: 5 },
      });
      for (const item of sample) await give(second, verdict(item, null, "sound"));
      await second.client.reports.outline({ auditId });
      expect(await second.client.audits.find({ auditId, words: "seen by the first" })).toEqual([
        sample[0],
      ]);
    });
  },
  60_000,
);
