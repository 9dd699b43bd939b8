import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import type { AuditId } from "../../shared/domain/ids.ts";
import { areaOfShape } from "../../shared/geometry/coverage.ts";
import { AuditDatabase } from "./database.ts";
import { Drafts } from "./drafts.ts";
import { RegionDrawing } from "./region-drawing.svelte.ts";

const size = { width: 100, height: 100 };
const least = { w: 0.03, h: 0.03 };
const middle = { x: 0.5, y: 0.5 };
const open = (name: string) => new Drafts(new AuditDatabase(name as AuditId), 5); // sound: a test's own id

async function begun(drafts: Drafts, item = 1): Promise<RegionDrawing> {
  const drawing = new RegionDrawing(drafts);
  await drawing.enter(item);
  return drawing;
}

it("a polygon is a draft from its first point, on its own item alone", async () => {
  const drafts = open("drawing-1");
  const drawing = await begun(drafts);
  drawing.tool = "polygon";
  drawing.addPoint(0.25, 0.5);
  await drafts.flush();
  const again = await begun(open("drawing-1"));
  expect(again).toMatchObject({ tool: "polygon", points: [0.25, 0.5], isBegun: true });
  expect(await begun(open("drawing-1"), 2)).toMatchObject({ tool: "select", isBegun: false });
});

it("a dragged box and the pulls of a brush come back too", async () => {
  const drafts = open("drawing-2");
  const drawing = await begun(drafts);
  drawing.tool = "ellipse";
  drawing.drag(0.1, 0.2, 0.5, 0.4);
  await drafts.flush();
  const box = (await begun(open("drawing-2"))).box;
  expect(box).toMatchObject({ kind: "ellipse", x: 0.1, y: 0.2 });
  drawing.drop();
  drawing.tool = "brush";
  drawing.radiusPx = 7;
  drawing.beginStroke(0.5, 0.5);
  drawing.pull(0.6, 0.5);
  await drafts.flush();
  const { strokes, tool } = await begun(open("drawing-2"));
  expect(tool).toBe("brush");
  expect(strokes).toEqual([{ points: [0.5, 0.5, 0.6, 0.5], radiusPx: 7 }]);
});

it("reads a draft of an earlier version as the polygon that it was", async () => {
  const drafts = open("drawing-3");
  drafts.keep("region:1", { points: [0.1, 0.1, 0.2, 0.2] });
  await drafts.flush();
  expect(await begun(drafts)).toMatchObject({ tool: "polygon", points: [0.1, 0.1, 0.2, 0.2] });
});

it("too little of a shape stays a draft; a whole one is finished and no draft any more", async () => {
  const drafts = open("drawing-4");
  const drawing = await begun(drafts);
  drawing.tool = "polygon";
  drawing.addPoint(0, 0);
  drawing.addPoint(0.5, 0);
  expect(drawing.finish(size, least)).toEqual([]);
  expect(drawing.isBegun).toBe(true);
  drawing.addPoint(0, 0.5);
  const [shape] = drawing.finish(size, least);
  expect(areaOfShape(shape)).toBeCloseTo(0.125, 12);
  expect(drawing.isBegun).toBe(false);
  await drafts.flush();
  expect((await begun(open("drawing-4"))).isBegun).toBe(false);
});

it("takes points, pulls and boxes back one by one, then nothing", async () => {
  const drawing = await begun(open("drawing-5"));
  drawing.tool = "polygon";
  drawing.addPoint(0, 0);
  drawing.addPoint(0.5, 0);
  expect(drawing.takeBack()).toBe(true);
  expect(drawing.points).toEqual([0, 0]);
  expect(drawing.takeBack()).toBe(true);
  expect(drawing.takeBack()).toBe(false);
  drawing.tool = "brush";
  drawing.suit(size);
  drawing.beginStroke(0.2, 0.2);
  drawing.beginStroke(0.8, 0.8);
  expect(drawing.takeBack()).toBe(true);
  expect(drawing.strokes).toHaveLength(1);
});

it("keys aim a crosshair: Space sets corners, or puts the brush down and lifts it", async () => {
  const drawing = await begun(open("drawing-6"));
  drawing.tool = "polygon";
  drawing.press(middle);
  drawing.moveCursor(0.1, 0, middle);
  drawing.press(middle);
  drawing.moveCursor(0, 9, middle); // held at the picture's edge
  drawing.press(middle);
  expect(drawing.points).toEqual([0.5, 0.5, 0.6, 0.5, 0.6, 1]);
  drawing.drop();

  drawing.tool = "brush";
  drawing.radiusPx = 5;
  drawing.moveCursor(0.1, 0, middle); // the pen is up
  expect(drawing.isBegun).toBe(false);
  drawing.press(middle);
  drawing.moveCursor(0.2, 0, middle);
  drawing.press(middle);
  drawing.moveCursor(-0.5, 0, middle); // up again
  expect(drawing.strokes).toHaveLength(1);
  const [lane] = drawing.finish(size, least);
  // 20 pixels of a lane 10 wide, and its round ends
  expect(areaOfShape(lane) * 10_000).toBeCloseTo(200 + Math.PI * 25, -1);
});

it("keeps the brush between one pixel and five hundred", async () => {
  const drawing = await begun(open("drawing-7"));
  drawing.suit({ width: 2000, height: 1000 });
  expect(drawing.radiusPx).toBe(50);
  drawing.radiusPx = 0;
  expect(drawing.radiusPx).toBe(1);
  drawing.radiusPx = 9000;
  expect(drawing.radiusPx).toBe(500);
  drawing.radiusPx = Number.NaN;
  expect(drawing.radiusPx).toBe(500);
});
