import { describe, expect, it } from "vitest";
import type { Client } from "../../../shared/contract/client.ts";
import type { LibraryCard } from "../../../shared/contract/library.ts";
import type { AuditId } from "../../../shared/domain/ids.ts";
import { LibraryState } from "./library-state.svelte.ts";

const card = (id: string, more: Partial<LibraryCard>): LibraryCard => ({
  id: id as AuditId, // an id of the test
  name: id,
  shownPlace: `~/${id}.hansight`,
  state: "in-review",
  items: 240,
  model: "chest-resnet.onnx",
  judged: 0,
  planned: 60,
  bytes: 1,
  openedAt: "2026-03-01T09:00:00Z",
  ...more,
});

const cards = [
  card("Site 10", { openedAt: "2026-03-03T09:00:00Z" }),
  card("site 2", { model: "vit.onnx", state: "missing" }),
  card("North", { openedAt: "2026-03-02T09:00:00Z" }),
];

async function loaded(): Promise<LibraryState> {
  const list = () => Promise.resolve(cards);
  const state = new LibraryState({ library: { list } } as unknown as Client); // only this is called
  await state.load();
  return state;
}

describe("the list of audits", () => {
  it("puts the last opened first", async () => {
    const state = await loaded();
    expect(state.shown.map((one) => one.id)).toEqual(["Site 10", "North", "site 2"]);
  });

  it("sorts names as people count, and states by who needs help", async () => {
    const state = await loaded();
    state.sort = "name";
    expect(state.shown.map((one) => one.id)).toEqual(["North", "site 2", "Site 10"]);
    state.sort = "state";
    expect(state.shown[0]?.id).toBe("site 2");
  });

  it("searches name, place and model", async () => {
    const state = await loaded();
    state.words = "VIT";
    expect(state.shown.map((one) => one.id)).toEqual(["site 2"]);
    state.words = "north.hans";
    expect(state.shown.map((one) => one.id)).toEqual(["North"]);
  });
});
