import { describe, expect, it } from "vitest";
import {
  meyer,
  randomQueue,
  recordEntry,
  sampleAuditFacts,
  sampleReport,
  sampleRun,
} from "../../../test/support/sample-report.ts";
import { sampleSheet } from "../../../test/support/sample-sheet.ts";
import type { MeetingId, RegionId, RunId, TestId } from "../../../shared/domain/ids.ts";
import type { ReportData } from "../report-data.ts";
import { csvWriter } from "./writer.ts";

function files(changes: Partial<ReportData> = {}): Record<string, string> {
  const made = csvWriter.write(sampleReport(changes));
  return Object.fromEntries(
    made.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes).replaceAll("\r\n", "\n")]),
  );
}

describe("the CSV files", () => {
  it("hold every item", () => {
    expect(files()["items.csv"]).toBe(
      [
        "item_id,path,sha256,width,height,frames,class_true,split,modality,body_part,site,group_id,identity_state,burned_in_state,readable,excluded,exclude_reason",
        `0,ward 0/0.png,${"0".repeat(64)},100,80,1,clear,,,chest,north,patient 0,unknown,unknown,true,false,`,
        `1,ward 1/1.png,${"1".repeat(64)},100,80,1,nodule,,,chest,north,patient 0,unknown,unknown,true,false,`,
        `2,ward 2/2.png,${"2".repeat(64)},100,80,1,clear,,,chest,north,patient 1,unknown,unknown,true,false,`,
        `3,ward 3/3.png,${"3".repeat(64)},100,80,1,,,,chest,north,patient 1,unknown,unknown,true,false,`,
        "",
      ].join("\n"),
    );
  });

  it("hold what the model answered, for the items that it answered", () => {
    const top5 = '"[[""clear"",0.75],[""nodule"",0.25]]"';
    expect(files()["predictions.csv"]).toBe(
      [
        "item_id,model_id,class_pred,confidence,correct,top5,score_true",
        `0,model-1,clear,0.75,true,${top5},0.75`,
        `1,model-1,nodule,0.75,true,${top5},0.75`,
        `2,model-1,nodule,0.75,false,${top5},0.75`,
        "",
      ].join("\n"),
    );
  });

  it("hold measures as numbers, and why one is missing instead of 0", () => {
    expect(files()["metrics.csv"].split("\n").slice(0, 3)).toEqual([
      "item_id,run_id,map_w,map_h,target_class,inside_energy,evidence_area,pointing_hit,iou_top20,border_share,corner_share,text_overlap,entropy,agreement,stability,raw_max,suspicion,flags",
      "0,run-1,12,10,nodule,n/a:no-evidence,n/a:no-evidence,,,0.5,,,0.25,-0.25,n/a:not-in-sample,17.5,0.5,",
      "1,run-1,12,10,nodule,0.125,0.0625,,,0.5,,,0.25,-0.25,n/a:not-in-sample,17.5,0.5,",
    ]);
  });

  it("hold what must be said of a map, or why there is none", () => {
    const items = sampleReport().items.map((item) =>
      item.no === 0
        ? { ...item, flags: ["no-positive-evidence", "sign-ambiguous"] as const }
        : item.no === 1
          ? { ...item, map: null, flags: ["non-finite"] as const }
          : item,
    );
    const lines = files({ items })["metrics.csv"].split("\n");
    expect(lines[1]?.split(",").at(-1)).toBe("no-positive-evidence;sign-ambiguous");
    expect(lines[2]?.split(",").at(-1)).toBe("non-finite");
  });

  it("hold what a meeting agreed on, after the verdicts of readers", () => {
    const meeting = "m" as MeetingId;
    const said = { run: sampleRun.id, verdict: "mixed", reasons: ["marker"], dissent: 1 } as const;
    const at = "2026-03-04T09:00:00.000Z";
    const rows = csvWriter
      .write(
        sampleReport({
          meetings: [{ id: meeting, present: ["Ann", "Bo"], presenter: null, at, recordNo: 8 }],
          consensus: [{ item: 2, meeting, ...said, note: "on the marker", at, recordNo: 9 }],
        }),
      )
      .find(({ name }) => name === "verdicts.csv");
    expect(new TextDecoder().decode(rows?.bytes).split("\r\n")[1]).toBe(
      `9-2,2,run-1,Ann;Bo,,consensus,,true,mixed,marker,,on the marker,,,,,${at},9,`,
    );
  });

  it("hold every verdict that was given, superseded ones too", () => {
    const view = {
      run: sampleRun.id,
      target: 1,
      mode: "overlay" as const,
      opacity: 0.45,
      threshold: 0.35,
      colours: "viridis",
      scaling: "run-p99",
      zoom: 1,
      seconds: 12.5,
      queue: randomQueue.id,
    };
    const set = { items: [2], run: sampleRun.id, view };
    const { "verdicts.csv": csv } = files({
      record: [
        recordEntry(3, { after: { ...set, verdict: "mixed", reasons: ["marker", "device"] } }),
        recordEntry(4, {
          action: "comment.set",
          after: { item: 2, text: "=not a formula" },
        }),
        recordEntry(5, { after: { ...set, verdict: "spurious", reasons: ["marker"] } }),
      ],
    });
    const viewCell = `"${JSON.stringify(view).replaceAll('"', '""')}"`;
    expect(csv).toBe(
      [
        "verdict_id,item_id,run_id,reviewer,role,reading,queue,sampled,verdict,reasons,certainty,comment,blind_stage,propagated,seconds,view_state,made_at,record_no,superseded_by",
        `3-2,2,run-1,A. Meyer,lead,1,Random sample,true,mixed,marker;device,,'=not a formula,,false,12.5,${viewCell},2026-03-03T13:00:03.000Z,3,5`,
        `5-2,2,run-1,A. Meyer,lead,1,Random sample,true,spurious,marker,,'=not a formula,,false,12.5,${viewCell},2026-03-03T13:00:05.000Z,5,`,
        "",
      ].join("\n"),
    );
  });

  it("hold region tests with what follows from their numbers", () => {
    const { "tests.csv": csv } = files({
      tests: [
        {
          id: "t1" as TestId,
          item: 3,
          run: "run" as RunId,
          region: null,
          shape: { kind: "rect", x: 0, y: 0, w: 0.1, h: 0.1 },
          fill: "blur",
          seed: 1,
          result: {
            target: 1,
            scoreBefore: 0.97,
            scoreAfter: 0.21,
            classBefore: 1,
            classAfter: 0,
            second: { fill: "neighbours", scoreAfter: 0.3 },
            // drops 0.01 and 0.03: mean 0.02, spread 0.01·√2
            controls: [0.01, 0.03].map((drop) => ({ x: 0, y: 0, w: 0.1, h: 0.1, drop })),
            controlsPlanned: 2,
            isByHeat: true,
            covered: 0.01,
          },
          readerId: null,
          at: "2026-11-25T12:00:00+00:00",
        },
      ],
    });
    const [head, row] = csv.trim().split("\n");
    expect(head).toBe(
      "test_id,item_id,region_id,fill,score_before,score_after,drop,control_n,control_mean,control_sd,rank,class_after",
    );
    expect(row).toBe("t1,3,,blur,0.97,0.21,0.76,2,0.02,0.014142,1,0");
  });

  it("hold regions in image fractions", () => {
    const region = { item: 1, readerId: meyer, note: "", areaShare: 0.02, at: "t", recordNo: 9 };
    const { "regions.csv": csv } = files({
      regions: [
        {
          ...region,
          id: "r1" as RegionId,
          kind: "shortcut",
          shape: { kind: "rect", x: 0.1, y: 0.2, w: 0.3, h: 0.25 },
        },
        {
          ...region,
          id: "r2" as RegionId,
          kind: "evidence",
          shape: { kind: "polygon", rings: [[0, 0, 0.5, 0, 0.5, 0.5]] },
        },
      ],
    });
    expect(csv).toBe(
      [
        "region_id,item_id,frame,kind,shape,x,y,w,h,points,area_share,reviewer,made_at,record_no",
        "r1,1,0,shortcut,rect,0.1,0.2,0.3,0.25,,0.02,A. Meyer,t,9",
        'r2,1,0,evidence,polygon,,,,,"[[0,0,0.5,0,0.5,0.5]]",0.02,A. Meyer,t,9',
        "",
      ].join("\n"),
    );
  });

  it("hold every run with what it was made of", () => {
    const [head, line] = files()["runs.csv"].split("\n");
    expect(head).toBe(
      "run_id,model_id,model_sha256,method,layer,target,settings,started,ended,ok,failed,device,versions,sheet",
    );
    expect(line).toContain(
      `run-1,model-1,${"5e".repeat(32)},cam,features,predicted,"{""seed"":7,""secondMethod"":null,""gradient"":""closed-form"",`,
    );
    expect(line).toContain(",2026-03-03T13:00:00.000Z,2026-03-03T13:01:00.000Z,4,0,cpu,");
  });

  it("hold every reliability sheet, step by step, where there are any", () => {
    expect(files()["sheets.csv"]).toBeUndefined();
    const sheets = [{ run: sampleRun.id, sheet: sampleSheet() }];
    const made = files({ sheets })["sheets.csv"].split("\n");
    expect(made).toHaveLength(4);
    const [heads, first, second] = made.map((line) => line.split(","));
    const cell = (line: string[], name: string) => line[heads.indexOf(name)];
    expect(cell(first, "verdict")).toBe("passed");
    expect([cell(first, "step"), cell(second, "step")]).toEqual(["1", "2"]);
    expect([cell(first, "spearman"), cell(second, "spearman_high")]).toEqual(["0.5", "0.25"]);
    expect(cell(second, "random_layers")).toBe("2");
  });

  it("hold the record, entry by entry", () => {
    const entry = recordEntry(2, { action: "report.text", after: { text: "a, b" }, before: null });
    expect(files({ record: [entry] })["record.csv"]).toBe(
      [
        "record_no,at,reviewer,action,object,before,after,prev_hash,hash",
        `2,2026-03-03T13:00:02.000Z,reader-1,report.text,item/2,,"{""text"":""a, b""}",${"1".repeat(64)},${"2".repeat(64)}`,
        "",
      ].join("\n"),
    );
  });

  it("are fewer before there is a run", () => {
    const made = csvWriter.write(
      sampleReport({ run: null, audit: { ...sampleAuditFacts, runs: [] } }),
    );
    expect(made.map(({ name }) => name)).toEqual([
      "items.csv",
      "verdicts.csv",
      "regions.csv",
      "tests.csv",
      "findings.csv",
      "runs.csv",
      "record.csv",
    ]);
  });
});
